//! What each source of variables knows.

use text::{PartialText, Problem, Pseudo, Span};

use super::syntax::Call;
use super::{Consequence, Missing, Outcome, Resolver};
use crate::aws::constructs::construct_id;
use documents::FileError;
use documents::value::{Kind, Value};

/// Literals among a variable's alternatives: quoted texts, numbers, booleans, null.
pub(super) fn literal(text: &PartialText, at: Span) -> Option<Value> {
    let shown = text.with_holes("x");
    let quoted = ['\'', '"'].iter().any(|quote| {
        shown.len() >= 2
            && shown.starts_with(*quote)
            && shown.ends_with(*quote)
            && text.parts().len() <= shown.len()
    });
    if quoted {
        return Some(Value::new(Kind::Text(unquoted(text)), at));
    }
    match text.literal()? {
        "true" => Some(Value::new(Kind::Bool(true), at)),
        "false" => Some(Value::new(Kind::Bool(false), at)),
        "null" => Some(Value::new(Kind::Null, at)),
        number if number.parse::<f64>().is_ok() => {
            Some(Value::new(Kind::Number(number.into()), at))
        }
        _ => None,
    }
}

fn unquoted(text: &PartialText) -> PartialText {
    let last = text.parts().len().saturating_sub(1);
    let mut inside = PartialText::default();
    for (index, part) in text.parts().iter().enumerate() {
        inside.push(match part {
            text::Part::Literal(literal) => {
                let mut literal = literal.as_str();
                if index == 0 {
                    literal = literal.get(1..).unwrap_or_default();
                }
                if index == last {
                    literal = literal.get(..literal.len().saturating_sub(1)).unwrap_or_default();
                }
                text::Part::Literal(literal.to_owned())
            }
            part => part.clone(),
        });
    }
    inside
}

fn missing(why: String, consequence: Consequence) -> Outcome {
    Outcome::Missing(Missing { why, consequence })
}

fn pseudo(pseudo: Pseudo, at: Span) -> Outcome {
    let mut text = PartialText::default();
    text.push(text::Part::Pseudo(pseudo));
    Outcome::Found(Value::new(Kind::Text(text), at))
}

/// `construct:`: what the plugin serverless-lift makes.
fn construct(address: &str, at: Span) -> Outcome {
    let (name, property) = address.split_once('.').unwrap_or((address, ""));
    let attribute = match property {
        "queueUrl" | "bucketName" | "tableName" => "Ref",
        "queueArn" | "bucketArn" | "tableArn" => "Arn",
        "tableStreamArn" => "StreamArn",
        _ => return Outcome::Unknown(format!("`construct:{address}` is made at deployment")),
    };
    let id = construct_id(name, property);
    let text = PartialText::reference(text::EntityId::new(id), attribute);
    Outcome::Found(Value::new(Kind::Text(text), at))
}

impl Resolver<'_> {
    /// Asks one source.
    pub(super) fn source(&mut self, call: &Call<'_>, behind: &[&str], at: Span) -> Outcome {
        let address = call.address;
        match call.source {
            "self" => self.own(address, behind),
            "file" => self.file(call.arguments.unwrap_or_default(), address, behind, at),
            "opt" => self.option(address, at),
            "env" => match self.options.environment.get(address) {
                Some(value) => Outcome::Found(Value::text(value.clone(), at)),
                None => missing(
                    format!("environment variable `{address}` is not given"),
                    Consequence::Given,
                ),
            },
            "param" => self.parameter(address, at),
            "sls" => match address {
                "stage" => Outcome::Found(self.stage()),
                _ => Outcome::Unknown(format!("`sls:{address}` is made at deployment")),
            },
            "aws" => match address {
                "accountId" => pseudo(Pseudo::Account, at),
                "region" => pseudo(Pseudo::Region, at),
                "partition" => pseudo(Pseudo::Partition, at),
                _ => Outcome::Unknown(format!("`aws:{address}` is known only at deployment")),
            },
            "strToBool" => match call.arguments.map(|word| word.trim_matches(['\'', '"'])) {
                Some("true" | "True" | "TRUE" | "1") => {
                    Outcome::Found(Value::new(Kind::Bool(true), at))
                }
                Some("false" | "False" | "FALSE" | "0") => {
                    Outcome::Found(Value::new(Kind::Bool(false), at))
                }
                Some("null" | "") => Outcome::Found(Value::new(Kind::Null, at)),
                word => missing(
                    format!("`{}` is neither true nor false", word.unwrap_or_default()),
                    Consequence::Broken,
                ),
            },
            "ssm" | "s3" | "cf" | "secretsManager" | "secretsmanager" => Outcome::Unknown(format!(
                "`{}:{address}` is looked up in the account at deployment",
                call.source
            )),
            "construct" => construct(address, at),
            "git" => Outcome::Unknown(format!("`git:{address}` is taken from the checkout")),
            other => Outcome::Unknown(format!(
                "variable source `{other}` of `{other}:{address}` is resolved at deployment"
            )),
        }
    }

    /// `self:`: the service itself.
    fn own(&mut self, address: &str, behind: &[&str]) -> Outcome {
        let mut segments: Vec<&str> = address.split('.').filter(|part| !part.is_empty()).collect();
        segments.extend(behind);
        let key = format!("self:{}", segments.join("."));
        let root = self.root;
        match self.lookup_key(&key, root, &segments) {
            Ok(value) if !value.is_null() => Outcome::Found(value),
            Err(Some(why)) => missing(format!("variable `${{{key}}}`: {why}"), Consequence::Broken),
            _ => match segments.as_slice() {
                // Defaults of the framework itself.
                ["provider", "stage"] => Outcome::Found(self.stage()),
                ["provider", "region"] => Outcome::Found(Value::text("us-east-1", root.span)),
                ["service", "name"] => match self.lookup(root, &["service"]) {
                    Ok(name) => Outcome::Found(name),
                    Err(_) => missing("the service has no name".to_owned(), Consequence::Broken),
                },
                _ => missing(
                    format!("variable `${{{key}}}` refers to nothing in the service"),
                    Consequence::Broken,
                ),
            },
        }
    }

    /// `opt:`: options of the command line.
    fn option(&mut self, name: &str, at: Span) -> Outcome {
        let given = match name {
            "stage" | "s" => self.options.stage.as_ref(),
            _ => self.options.parameters.get(name),
        };
        match (given, name) {
            (Some(value), _) => Outcome::Found(Value::text(value.clone(), at)),
            (None, "stage" | "s") => {
                missing("the stage is not given".to_owned(), Consequence::Pseudo(Pseudo::Stage))
            }
            (None, "region" | "r") => {
                missing("the region is not given".to_owned(), Consequence::Pseudo(Pseudo::Region))
            }
            (None, _) => missing(format!("option `{name}` is not given"), Consequence::Given),
        }
    }

    /// `param:`: what the user or a composition gives, the stage's, the default.
    fn parameter(&mut self, name: &str, at: Span) -> Outcome {
        if let Some(value) = self.options.parameters.get(name) {
            return Outcome::Found(Value::text(value.clone(), at));
        }
        if let Some(value) = self.parameters.get(name) {
            return Outcome::Found(value.clone());
        }
        let stage = self.stage();
        let stage = stage.as_str().unwrap_or_default().to_owned();
        let root = self.root;
        for path in [
            ["stages", &stage, "params", name].as_slice(),
            ["params", &stage, name].as_slice(),
            ["stages", "default", "params", name].as_slice(),
            ["params", "default", name].as_slice(),
        ] {
            let key = format!("param:{}", path.join("."));
            match self.lookup_key(&key, root, path) {
                Ok(value) if !value.is_null() => return Outcome::Found(value),
                _ => {}
            }
        }
        missing(format!("parameter `{name}` is not given"), Consequence::Given)
    }

    /// `file(…):`: another file of the project.
    fn file(&mut self, argument: &str, address: &str, behind: &[&str], at: Span) -> Outcome {
        let argument = argument.trim().trim_matches(['\'', '"']);
        let relative = argument.strip_prefix("./").unwrap_or(argument);
        let outside = || FileError::Outside(argument.to_owned());
        let path = if relative.starts_with('~') {
            Err(outside())
        } else {
            self.files.resolve(self.path, relative)
        };
        let path = match path {
            Ok(path) => path,
            Err(error) => return self.unreadable(&error, at),
        };
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension.to_ascii_lowercase().as_str() {
            "js" | "cjs" | "mjs" | "ts" | "mts" | "cts" => {
                return Outcome::Unknown(format!("`{argument}` is code, which is not run"));
            }
            "toml" => return Outcome::Unknown(format!("`{argument}` is TOML, which is not read")),
            "yml" | "yaml" | "json" | "tfstate" => {}
            _ => {
                return match self.files.load(&path) {
                    Ok(loaded) => {
                        self.read.insert(self.files.shown(&path));
                        let text = loaded.source.text.trim_end();
                        Outcome::Found(Value::text(text, Span::file(loaded.id)))
                    }
                    Err(error) => self.unreadable(&error, at),
                };
            }
        }
        let parsed = match self.files.document(&path) {
            Ok(parsed) => parsed,
            Err(error) => return self.unreadable(&error, at),
        };
        self.read.insert(self.files.shown(&path));
        let Some(document) = parsed.get().and_then(|parsed| parsed.value.as_ref()) else {
            return Outcome::Unknown(format!("`{argument}` could not be parsed"));
        };
        let address = address.split('.').filter(|part| !part.is_empty());
        let segments: Vec<&str> = address.chain(behind.iter().copied()).collect();
        let key = format!("file({path}):{}", segments.join("."));
        match self.lookup_key(&key, document, &segments) {
            Ok(value) if !value.is_null() => Outcome::Found(value),
            Err(Some(why)) => missing(why, Consequence::Broken),
            _ if segments.is_empty() => {
                missing(format!("`{argument}` is empty"), Consequence::Broken)
            }
            _ => missing(
                format!("`{}` is not in `{argument}`", segments.join(".")),
                Consequence::Broken,
            ),
        }
    }

    fn unreadable(&mut self, error: &FileError, at: Span) -> Outcome {
        match error {
            FileError::Missing(_) => missing(error.to_string(), Consequence::Broken),
            // Whatever the fallback says, the author pointed at something that is not read.
            _ => {
                let problem = Problem::incomplete(error.to_string(), at.into())
                    .help("scan the folder that holds all files of the service");
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
                Outcome::Unknown(error.to_string())
            }
        }
    }
}

impl Resolver<'_> {
    /// The white space in front of a place on its line, `None` where anything else stands there.
    pub(crate) fn indent_at(&self, at: Span) -> Option<String> {
        let sources = self.files.sources();
        let source = sources.of(at)?;
        let before = source.text.get(..at.start as usize)?;
        let line = before.rsplit('\n').next().unwrap_or(before);
        line.chars().all(|letter| letter == ' ').then(|| line.to_owned())
    }
}
