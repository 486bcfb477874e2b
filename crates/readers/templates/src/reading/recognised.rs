use std::collections::BTreeSet;

use app_graph::NotRead;
use memchr::memmem;

use super::naming::folder;
use documents::Files;

/// Infrastructure of a kind that no reader reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Other {
    Cdk,
    ServerlessCode,
    Bicep,
    ResourceManager,
    Pulumi,
    AzureHost,
    AzureFunction,
    Chalice,
    Zappa,
    Sst,
    AppEngine,
    CloudBuild,
}

impl Other {
    fn what(self) -> &'static str {
        match self {
            Other::Cdk => "CDK application without `cdk.out`: run `cdk synth` and scan again",
            Other::ServerlessCode => {
                "Serverless Framework service in code: run `serverless print --format json > \
                 serverless.json` and scan again"
            }
            Other::Bicep => "Bicep file",
            Other::ResourceManager => "Azure Resource Manager template",
            Other::Pulumi => "Pulumi program",
            Other::AzureHost | Other::AzureFunction => "Azure Functions application",
            Other::Chalice => {
                "Chalice application: run `chalice package --template-format yaml DIR` and scan DIR"
            }
            Other::Zappa => "Zappa application",
            Other::Sst => "SST application",
            Other::AppEngine => "App Engine application",
            Other::CloudBuild => "Cloud Build file that deploys functions",
        }
    }

    /// Kinds of which one file speaks for the whole folder and what lies below it.
    fn covers_folder(self) -> bool {
        !matches!(self, Other::ServerlessCode)
    }
}

/// What a file is by its name alone.
pub(super) fn by_name(path: &str, name: &str) -> Option<Other> {
    Some(match name {
        "cdk.json" => Other::Cdk,
        "serverless.ts" | "serverless.js" | "serverless.mjs" | "serverless.cjs" => {
            Other::ServerlessCode
        }
        "Pulumi.yaml" | "Pulumi.yml" => Other::Pulumi,
        "zappa_settings.json" | "zappa_settings.yml" | "zappa_settings.toml" => Other::Zappa,
        "sst.config.ts" | "sst.config.js" | "sst.json" => Other::Sst,
        "config.json" if path.ends_with(".chalice/config.json") => Other::Chalice,
        _ if name.ends_with(".bicep") => Other::Bicep,
        _ => return None,
    })
}

/// What a file is by its name and what it says.
pub(super) fn by_content(name: &str, bytes: &[u8]) -> Option<Other> {
    let has = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    match name {
        "host.json" if has("\"version\"") => Some(Other::AzureHost),
        "function.json" if has("\"bindings\"") => Some(Other::AzureFunction),
        "app.yaml" | "app.yml" if has("runtime:") && !has("apiVersion") => Some(Other::AppEngine),
        "cloudbuild.yaml" | "cloudbuild.yml" | "cloudbuild.json"
            if has("functions") && has("deploy") =>
        {
            Some(Other::CloudBuild)
        }
        _ if name.ends_with(".json") && has("deploymentTemplate.json#") => {
            Some(Other::ResourceManager)
        }
        _ => None,
    }
}

/// One entry for each application.
pub(super) fn not_read(
    others: &[(&str, Other)],
    files: &Files,
    assemblies: &[String],
) -> Vec<NotRead> {
    let mut said: BTreeSet<(&'static str, &str)> = BTreeSet::new();
    let mut entries: Vec<(&str, Other)> = others.to_vec();
    // Outer folders speak first, and `main` before its modules.
    entries.sort_by_key(|(path, other)| {
        let depth = path.matches('/').count();
        (depth, *other, !path.ends_with("main.bicep"), *path)
    });
    let mut not_read = Vec::new();
    for (path, other) in entries {
        let own = match other {
            Other::Chalice => folder(folder(path)),
            _ => folder(path),
        };
        if other == Other::Cdk {
            let synthesised = files.resolve(path, "cdk.out/manifest.json");
            if synthesised.is_ok_and(|manifest| assemblies.contains(&manifest)) {
                continue;
            }
        }
        let is_said = other.covers_folder()
            && said.iter().any(|(what, above)| {
                *what == other.what()
                    && (above.is_empty()
                        || own == *above
                        || own.strip_prefix(above).is_some_and(|rest| rest.starts_with('/')))
            });
        if is_said {
            continue;
        }
        said.insert((other.what(), own));
        let what = other.what().to_owned();
        not_read.push(NotRead { path: files.shown(path), what, span: None });
    }
    not_read
}
