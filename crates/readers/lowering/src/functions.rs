use app_graph::{
    AppGraph, Architecture, Code, FailureDestination, Function, Layer, Network, Packaging, Tracing,
    Variable,
};
use text::{Branch, PartialText, Problem, Said, Setting, Settled, Unknown};

use super::directory::Directory;
use super::policies::said_text;
use super::{entity, invocations};
use documents::declaration::{ASSET_PATH, BUILD, Declaration, Declared};
use documents::value::{Kind, Value};

/// Adds the functions with their addresses, permissions and settings of invocation.
///
/// Source: AWS CloudFormation template reference, `AWS::Lambda::Function`.
pub(super) fn lower(declared: &Declared, graph: &mut AppGraph, problems: &mut Vec<Problem>) {
    let directory = Directory::new(declared);
    for declaration in &declared.declarations {
        if declaration.kind == "AWS::Lambda::Function" {
            graph.functions.push(function(declaration, &directory));
        }
    }
    invocations::lower(declared, &directory, graph, problems);
}

fn function(declaration: &Declaration, directory: &Directory<'_>) -> Function {
    let properties = &declaration.properties;
    let (environment, environment_unknown) = environment(properties);
    Function {
        entity: entity(declaration),
        function_name: properties.text_at(&["FunctionName"]),
        runtime: properties.string_at(&["Runtime"]),
        handler: handler(properties),
        packaging: packaging(properties),
        code: code(properties),
        timeout: properties.u32_at(&["Timeout"]),
        durable_timeout: properties.u32_at(&["DurableConfig", "ExecutionTimeout"]),
        memory: properties.u32_at(&["MemorySize"]),
        maximum_concurrency: properties.u32_at(&["ReservedConcurrentExecutions"]),
        provisioned_concurrency: Setting::Unset,
        environment,
        environment_unknown,
        environment_key: properties.text_at(&["KmsKeyArn"]),
        tracing: tracing(properties),
        code_signing: properties.text_at(&["CodeSigningConfigArn"]),
        layers: layers(properties, directory),
        network: network(properties),
        file_systems: file_systems(properties),
        failure_destination: failure_destination(
            properties.text_at(&["DeadLetterConfig", "TargetArn"]),
            directory,
        ),
        maximum_retries: Setting::Unset,
        role: properties.text_at(&["Role"]),
        url: None,
        permissions: Vec::new(),
        log_group: properties.text_at(&["LoggingConfig", "LogGroup"]),
        architecture: architecture(properties),
    }
}

/// Where failed events go, with the entity where it is declared here.
pub(super) fn failure_destination(
    target: Setting<PartialText>,
    directory: &Directory<'_>,
) -> Setting<FailureDestination> {
    target.map(|target| FailureDestination {
        entity: directory.target(&target).map(|declaration| declaration.id.clone()),
        target: Some(target),
    })
}

/// The handler; an image's may be the command that the template gives it.
fn handler(properties: &Value) -> Setting<PartialText> {
    let said = properties.text_at(&["Handler"]);
    if !said.is_unset() {
        return said;
    }
    properties.setting(&["ImageConfig", "Command"], &|command| {
        let first = command.items().first().and_then(Value::scalar_text);
        first.ok_or_else(|| "the command is no list of texts".to_owned())
    })
}

fn packaging(properties: &Value) -> Packaging {
    let said = properties.string_at(&["PackageType"]).any(|kind| kind == "Image");
    let image = !properties.at(&["Code", "ImageUri"]).is_empty();
    if said || image { Packaging::Image } else { Packaging::Archive }
}

fn code(properties: &Value) -> Setting<Code> {
    let asset = properties.string_at(&[ASSET_PATH]);
    if let Some(path) = asset.single() {
        return Setting::Known(path.clone().map(Code::Path));
    }
    if let Some(built) = properties.get(BUILD) {
        let path = |key: &str| Some(built.get(key)?.as_str()?.to_owned());
        if let (Some(context), Some(dockerfile)) = (path("Context"), path("Dockerfile")) {
            return Setting::known(Code::Build { context, dockerfile }, built.span);
        }
    }
    properties.setting(&["Code"], &|value| match &value.kind {
        Kind::Text(text) => match text.literal() {
            Some(path) => Ok(located(path)),
            None => Err(format!("`{text}` is known only at deployment")),
        },
        Kind::Map(_) => code_map(value),
        _ => Err("a path or a mapping was expected here".to_owned()),
    })
}

fn code_map(value: &Value) -> Result<Code, String> {
    let text = |key: &str| value.get(key).and_then(Value::scalar_text);
    if let Some(image) = text("ImageUri") {
        return Ok(Code::Image(image));
    }
    if let Some(image) = value.get("ImageUri") {
        return Err(match &image.kind {
            Kind::Unknown(why) => format!("it is a container image: {why}"),
            _ => "it is a container image that is known only at deployment".to_owned(),
        });
    }
    if let Some(inline) = text("ZipFile") {
        return Ok(Code::Inline(inline.to_string()));
    }
    match (value.get("S3Bucket"), value.get("S3Key")) {
        (None, None) => Err("it says neither bucket nor image nor code".to_owned()),
        (bucket, key) => {
            let part = |value: Option<&Value>| {
                let text = value.map(|value| (value.scalar_text(), &value.kind));
                match text {
                    Some((Some(text), _)) => text,
                    Some((None, Kind::Unknown(why))) => PartialText::unknown(&**why),
                    _ => PartialText::unknown("it is not said"),
                }
            };
            Ok(Code::Bucket { bucket: part(bucket), key: part(key) })
        }
    }
}

/// A path of the project, or an object's address.
fn located(path: &str) -> Code {
    let object = path.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
    match object {
        Some((bucket, key)) => {
            Code::Bucket { bucket: PartialText::known(bucket), key: PartialText::known(key) }
        }
        None => Code::Path(path.to_owned()),
    }
}

fn tracing(properties: &Value) -> Setting<Tracing> {
    properties.string_at(&["TracingConfig", "Mode"]).try_map(&|mode: String| match mode.as_str() {
        "Active" => Ok(Tracing::Active),
        "PassThrough" => Ok(Tracing::PassThrough),
        "Disabled" => Ok(Tracing::Disabled),
        _ => Err(format!("`{mode}` is no tracing mode")),
    })
}

fn architecture(properties: &Value) -> Setting<Architecture> {
    properties.setting(&["Architectures"], &|value| {
        let first = match &value.kind {
            Kind::List(items) => items.first().and_then(Value::as_str),
            _ => value.as_str(),
        };
        match first {
            Some("x86_64") => Ok(Architecture::X86),
            Some("arm64") => Ok(Architecture::Arm),
            Some(other) => Err(format!("`{other}` is no architecture")),
            None => Err("the architecture is known only at deployment".to_owned()),
        }
    })
}

fn layers(properties: &Value, directory: &Directory<'_>) -> Vec<Layer> {
    let mut layers = Vec::new();
    for item in properties.list_at(&["Layers"]) {
        for inner in item.value.list_at(&[]) {
            let arn = said_text(inner.value).unwrap_or_else(|unknown| {
                Said::new(PartialText::unknown(unknown.why), unknown.span)
            });
            let when = documents::value::both(item.condition.as_ref(), inner.condition.as_ref());
            let declared = directory.target(&arn.value);
            let asset = |layer: &Declaration| {
                let said = [ASSET_PATH, "Content"].map(|key| layer.properties.get(key)?.as_str());
                said.into_iter().flatten().next().map(str::to_owned)
            };
            layers.push(Layer { arn, code: declared.and_then(asset), when });
        }
    }
    layers
}

fn file_systems(properties: &Value) -> Vec<Said<PartialText>> {
    let systems = properties.list_at(&["FileSystemConfigs"]);
    systems.iter().flat_map(|item| texts(item.value, "Arn")).collect()
}

fn network(properties: &Value) -> Setting<Network> {
    let network = properties.setting(&["VpcConfig"], &|value| match &value.kind {
        Kind::Map(_) => Ok(Network {
            subnets: texts(value, "SubnetIds"),
            security_groups: texts(value, "SecurityGroupIds"),
        }),
        _ => Err("a mapping was expected here".to_owned()),
    });
    without_empty(network)
}

/// Two empty lists take a function out of its network.
fn without_empty(network: Setting<Network>) -> Setting<Network> {
    match network {
        Setting::Known(said)
            if said.value.subnets.is_empty() && said.value.security_groups.is_empty() =>
        {
            Setting::Unset
        }
        Setting::Branches(branches) => Setting::Branches(
            branches
                .into_iter()
                .map(|branch| Branch { setting: without_empty(branch.setting), ..branch })
                .collect(),
        ),
        other => other,
    }
}

/// Every text of a list, of all branches; unresolved ones as unknown texts.
pub(super) fn texts(value: &Value, key: &str) -> Vec<Said<PartialText>> {
    let mut texts = Vec::new();
    for item in value.list_at(&[key]) {
        for inner in item.value.list_at(&[]) {
            texts.push(said_text(inner.value).unwrap_or_else(|unknown| {
                Said::new(PartialText::unknown(unknown.why), unknown.span)
            }));
        }
    }
    texts
}

fn environment(properties: &Value) -> (Vec<Variable>, Option<Unknown>) {
    let mut variables: Vec<Variable> = Vec::new();
    let mut unknown = None;
    for found in properties.at(&["Environment", "Variables"]) {
        match &found.value.kind {
            Kind::Map(members) => {
                for member in members {
                    let value = member.value.text_at(&[]);
                    let value = match &found.condition {
                        Some(condition) => Setting::Branches(vec![Branch {
                            condition: condition.clone(),
                            setting: value,
                        }]),
                        None => value,
                    };
                    let name = member.key.to_string();
                    let known = variables.iter_mut().find(|variable| variable.name.value == name);
                    match (known.map(|variable| &mut variable.value), value) {
                        (Some(Setting::Branches(branches)), Setting::Branches(others)) => {
                            branches.extend(others);
                        }
                        (_, value) => variables
                            .push(Variable { name: Said::new(name, member.key_span), value }),
                    }
                }
            }
            Kind::Unknown(why) => unknown = Some(Unknown::new(why.clone(), found.value.span)),
            Kind::Text(text) => {
                let why = format!("`{text}` is known only at deployment");
                unknown = Some(Unknown::new(why, found.value.span));
            }
            _ => {
                let why = "variables are a mapping of names to values";
                unknown = Some(Unknown::new(why, found.value.span));
            }
        }
    }
    (variables, unknown)
}

/// The setting, or the other one where nothing was said.
pub(super) fn or_else<T>(first: Setting<T>, second: Setting<T>) -> Setting<T> {
    let said = first.cases().iter().any(|case| !matches!(case.value, Settled::Unset));
    if said { first } else { second }
}
