//! From a function of the graph to what its code does.

use std::collections::BTreeMap;

use app_graph::{AppGraph, Cloud, Code, Framework, Function};
use code::Entry;
use documents::Files;
use profile::{Behaviour, Coverage, Unresolved};
use text::{Part, PartialText, Problem, Pseudo, Said, Setting};

use crate::event;
use crate::handler::LANGUAGES;
use crate::image::Image;

/// What each function's code does, in the graph's order, with what was wrong with the code.
pub(crate) fn read(files: &Files, graph: &AppGraph) -> (Vec<Behaviour>, Vec<Problem>) {
    let entries: Vec<Result<Entry, String>> =
        graph.functions.iter().map(|function| entry(files, graph, function)).collect();
    let readable: Vec<Entry> = entries.iter().flatten().cloned().collect();
    let mut read = code::read_all(files, &readable).into_iter();
    let mut problems = Vec::new();
    let behaviours = entries.into_iter().map(|entry| match entry {
        Ok(_) => match read.next() {
            Some((behaviour, met)) => {
                problems.extend(met);
                behaviour
            }
            None => Behaviour::new(Coverage::NotRead("its code was not followed".to_owned())),
        },
        Err(why) => Behaviour::new(Coverage::NotRead(why)),
    });
    let mut behaviours: Vec<Behaviour> = behaviours.collect();
    for (function, behaviour) in graph.functions.iter().zip(&mut behaviours) {
        behaviour.unresolved.extend(not_followed(function));
    }
    // Files that several functions share are said once.
    problems.dedup();
    (behaviours, problems)
}

/// What else a function runs under other conditions of the template: one way is followed.
fn not_followed(function: &Function) -> Option<Unresolved> {
    let handlers = function.handler.known_values().skip(1).map(|said| said.value.to_string());
    let codes = function.code.known_values().skip(1).map(|_| "its code".to_owned());
    let other = handlers.chain(codes).next()?;
    Some(Unresolved {
        span: function.entity.said,
        call: other,
        reason: "what it runs depends on a condition, and one way was followed".to_owned(),
    })
}

/// Where a function's code begins; the error is why it cannot be read.
fn entry(files: &Files, graph: &AppGraph, function: &Function) -> Result<Entry, String> {
    let mut image = None;
    let code = known(&function.code, "where its code lies");
    let code = code.map_err(|why| elsewhere(function).unwrap_or(why))?;
    let (roots, inline) = match &code.value {
        Code::Path(path) => (vec![folder(files, path)], None),
        Code::Inline(text) => (Vec::new(), Some(Said::new(text.clone(), code.span))),
        Code::Bucket { bucket, key } => {
            return Err(format!("its code lies in the bucket `{bucket}` as `{key}`"));
        }
        Code::Build { context, dockerfile } => {
            let built = Image::read(files, context, dockerfile)?;
            (image.insert(built).roots.clone(), None)
        }
        Code::Image(image) => return Err(format!("it is the container image `{image}`")),
    };
    let layers = function.layers.iter().filter_map(|layer| layer.code.as_deref());
    let layers = layers.map(|layer| folder(files, layer));
    let by_image = image.as_ref().map(|image| (&image.runtime, &image.handler));
    let (runtime, handler) = match by_image {
        Some((runtime, handler)) => (runtime.clone(), said_handler(function).or(handler.clone())),
        None => {
            let handler = said_handler(function);
            (runtime(files, function, &roots, handler.as_deref())?, handler)
        }
    };
    let handler = handler.ok_or_else(|| match function.handler.known_values().next() {
        Some(said) => format!("its handler `{}` is known only at deployment", said.value),
        None => "its handler is not said".to_owned(),
    })?;
    Ok(Entry {
        runtime,
        handler,
        roots: roots.into_iter().chain(layers).collect(),
        inline,
        // CloudFormation writes it to that file; of an archive the one that the handler names was
        // taken.
        // Source: AWS CloudFormation template reference, `AWS::Lambda::Function Code`, `ZipFile`.
        inline_module: (graph.framework != Framework::Terraform).then(|| "index".to_owned()),
        environment: environment(function),
        event: event::known(graph, function),
        environment_unknown: function
            .environment_unknown
            .as_ref()
            .map(|unknown| unknown.why.clone()),
    })
}

/// Why the code of a function that runs outside AWS is not read.
fn elsewhere(function: &Function) -> Option<String> {
    let platform = match function.entity.cloud {
        Cloud::Aws => return None,
        Cloud::Google => "on Google Cloud",
        Cloud::Azure => "on Azure",
        Cloud::Other => "outside AWS",
    };
    Some(format!("it runs {platform}: its calls of AWS are not followed"))
}

fn said_handler(function: &Function) -> Option<String> {
    let said = function.handler.known_values().next()?;
    said.value.literal().map(str::to_owned)
}

/// The runtime as the template says it, or what the handler's file tells where it does not.
fn runtime(
    files: &Files,
    function: &Function,
    roots: &[String],
    handler: Option<&str>,
) -> Result<String, String> {
    let said = known(&function.runtime, "its runtime");
    if let Ok(said) = said {
        return Ok(said.value.clone());
    }
    let module = handler.and_then(|handler| Some(handler.rsplit_once('.')?.0));
    let is_there = |ending: &&str| {
        let folder = roots.first().map_or("", String::as_str);
        let path = files.resolve_in(folder, &format!("{}.{ending}", module.unwrap_or_default()));
        path.is_ok_and(|path| files.exists(&path))
    };
    let of_file = LANGUAGES.iter().find(|(endings, ..)| endings.iter().any(is_there));
    match (of_file, said) {
        (Some((_, runtime, _)), _) => Ok((*runtime).to_owned()),
        (None, Err(why)) => Err(why),
        (None, Ok(said)) => Ok(said.value.clone()),
    }
}

/// The setting's value; where it depends on the template's conditions the first that is known.
fn known<'a, T>(setting: &'a Setting<T>, what: &str) -> Result<&'a Said<T>, String> {
    setting.known_values().next().ok_or_else(|| match setting.unknown() {
        Some(unknown) => format!("{what} is not known: {}", unknown.why),
        None => format!("{what} is not said"),
    })
}

/// The folder that modules are looked for in: the one that the code is. For an archive it is the one
/// it lies in or, where a build put it, the one that was built.
fn folder(files: &Files, path: &str) -> String {
    let path = path.trim_end_matches('/');
    let path = if path == "." { "" } else { path };
    let is_archive = ARCHIVES.iter().any(|ending| path.ends_with(ending));
    if !is_archive && !files.exists(path) {
        let is_there =
            |path: &str| !files.names_in(path).is_empty() || !files.folders_in(path).is_empty();
        let built = || source_of(path).filter(|source| is_there(source));
        return if is_there(path) { None } else { built() }.unwrap_or_else(|| path.to_owned());
    }
    let mut folder = parent(path);
    while is_archive && BUILDS.contains(&folder.rsplit('/').next().unwrap_or_default()) {
        folder = parent(folder);
    }
    folder.to_owned()
}

/// The folder of sources that a build made a folder from: `dist/orders` comes from `src/orders`.
fn source_of(path: &str) -> Option<String> {
    let segments = path.split('/').collect::<Vec<_>>();
    let at = segments.iter().position(|segment| BUILDS.contains(segment))?;
    let named = segments.iter().enumerate();
    let named = named.map(|(index, segment)| if index == at { "src" } else { *segment });
    Some(named.collect::<Vec<_>>().join("/"))
}

/// Endings of what code is delivered as.
const ARCHIVES: &[&str] = &[".zip", ".jar", ".war", ".tar.gz", ".tgz"];

/// Folders that builds write to.
const BUILDS: &[&str] = &["bin", "build", "dist", "distributions", "libs", "out", "target"];

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The variables that the template sets, and those of the platform that name something.
///
/// Source: AWS Lambda developer guide, "Defined runtime environment variables".
fn environment(function: &Function) -> BTreeMap<String, Vec<PartialText>> {
    let region = || {
        let mut region = PartialText::default();
        region.push(Part::Pseudo(Pseudo::Region));
        vec![region]
    };
    let mut variables: BTreeMap<String, Vec<PartialText>> = BTreeMap::new();
    variables.insert("AWS_REGION".to_owned(), region());
    variables.insert("AWS_DEFAULT_REGION".to_owned(), region());
    for variable in &function.environment {
        let values = variables.entry(variable.name.value.clone()).or_default();
        values.extend(variable.value.known_values().map(|said| said.value.clone()));
        if let Some(unknown) = variable.value.unknown() {
            values.push(PartialText::unknown(&unknown.why));
        }
    }
    if let Some(name) = function.function_name.single() {
        let own = "AWS_LAMBDA_FUNCTION_NAME".to_owned();
        variables.insert(own, vec![name.value.clone()]);
    }
    variables
}
