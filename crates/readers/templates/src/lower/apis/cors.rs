use app_graph::Cors;
use text::{Part, PartialText, Said, Setting, Span};

use crate::lower::settings::{said_text, texts};
use crate::value::Value;

/// Gathers the origins that an API's answers allow, each once.
#[derive(Default)]
pub(super) struct Gathered {
    span: Option<Span>,
    origins: Vec<Said<PartialText>>,
    credentials: Setting<bool>,
}

impl Gathered {
    /// Takes the headers that a response of the API itself sets: keys such as
    /// `method.response.header.Access-Control-Allow-Origin`, values in single quotes.
    ///
    /// Source: Amazon API Gateway developer guide, "Enable CORS for REST APIs".
    pub(super) fn headers(&mut self, parameters: &Value) {
        for found in parameters.at(&[]) {
            for member in found.value.members() {
                let header = member.key.rsplit('.').next().unwrap_or_default();
                if header.eq_ignore_ascii_case("Access-Control-Allow-Origin") {
                    for value in member.value.at(&[]) {
                        self.origin(said_text(value.value).map(|text| without_quotes(&text)));
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
        for origin in texts(value, &[origins]) {
            self.origin(origin);
        }
        self.span = self.span.or(Some(value.span));
        if self.credentials.is_unset() {
            self.credentials = value.bool_at(&[credentials]);
        }
    }

    fn origin(&mut self, origin: Said<PartialText>) {
        self.span = self.span.or(Some(origin.span));
        if !self.origins.iter().any(|other| other.value == origin.value) {
            self.origins.push(origin);
        }
    }

    /// What was gathered, if anything.
    pub(super) fn finish(self) -> Option<Cors> {
        let span = self.span?;
        Some(Cors { span, origins: self.origins, credentials: self.credentials })
    }
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
