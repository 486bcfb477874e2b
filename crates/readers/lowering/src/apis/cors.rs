use app_graph::{Cors, Origin};
use text::{Condition, Part, PartialText, Setting, Span};

use crate::settings::said_text;
use documents::value::{Value, both};

/// Gathers the origins that an API's answers allow, each once.
#[derive(Default)]
pub(super) struct Gathered {
    span: Option<Span>,
    origins: Vec<Origin>,
    credentials: Setting<bool>,
}

impl Gathered {
    /// Takes the headers that a response of the API itself sets: keys such as
    /// `method.response.header.Access-Control-Allow-Origin`, values in single quotes.
    ///
    /// Source: Amazon API Gateway developer guide, "Enable CORS for REST APIs".
    pub(super) fn headers(&mut self, parameters: &Value, when: Option<&Condition>) {
        for found in parameters.at(&[]) {
            for member in found.value.members() {
                let header = member.key.rsplit('.').next().unwrap_or_default();
                if header.eq_ignore_ascii_case("Access-Control-Allow-Origin") {
                    for value in member.value.at(&[]) {
                        let condition = both(found.condition.as_ref(), value.condition.as_ref());
                        self.origin(Origin {
                            said: said_text(value.value).map(|text| without_quotes(&text)),
                            when: both(when, condition.as_ref()),
                        });
                    }
                }
                if header.eq_ignore_ascii_case("Access-Control-Allow-Credentials") {
                    self.credentials =
                        member.value.text_at(&[]).try_map(
                            &|text: PartialText| match without_quotes(&text).literal() {
                                Some(word) => Ok(word.eq_ignore_ascii_case("true")),
                                None => Err(format!("`{text}` is known only at deployment")),
                            },
                        );
                }
            }
        }
    }

    /// Takes a configuration of origins and credentials under those keys.
    pub(super) fn configuration(
        &mut self,
        value: Option<&Value>,
        origins: &str,
        credentials: &str,
    ) {
        let Some(value) = value.filter(|value| !value.is_null()) else { return };
        for origin in origins_at(value, &[origins]) {
            self.origin(origin);
        }
        self.span = self.span.or(Some(value.span));
        if self.credentials.is_unset() {
            self.credentials = value.bool_at(&[credentials]);
        }
    }

    fn origin(&mut self, origin: Origin) {
        self.span = self.span.or(Some(origin.said.span));
        let is_same =
            |other: &Origin| other.said.value == origin.said.value && other.when == origin.when;
        if !self.origins.iter().any(is_same) {
            self.origins.push(origin);
        }
    }

    /// What was gathered, if anything.
    pub(super) fn finish(self) -> Option<Cors> {
        let span = self.span?;
        Some(Cors { span, origins: self.origins, credentials: self.credentials })
    }
}

/// The origins listed at `path`, in every branch; what is no text is unknown.
pub(crate) fn origins_at(value: &Value, path: &[&str]) -> Vec<Origin> {
    let items = value.list_at(path);
    let origins = items.into_iter();
    origins.map(|item| Origin { said: said_text(item.value), when: item.condition }).collect()
}

fn without_quotes(text: &PartialText) -> PartialText {
    let mut bare = PartialText::default();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => bare.push(Part::Literal(literal.replace('\'', ""))),
            part => bare.push(part.clone()),
        }
    }
    bare
}
