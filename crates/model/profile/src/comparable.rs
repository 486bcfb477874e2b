use text::{Part, PartialText};

/// A pattern as it is compared: a reference to an entity is a word of its own, since two entities
/// never share a name; what the deployment decides, or what is not known, may be anything.
pub fn comparable(text: &PartialText) -> String {
    let mut comparable = String::new();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => comparable.push_str(literal),
            Part::Reference(reference) => {
                comparable.push('{');
                comparable.push_str(&reference.entity.as_str().replace([':', '*', '?'], "."));
                comparable.push('}');
            }
            Part::Pseudo(_) | Part::Unknown(_) => comparable.push('*'),
        }
    }
    comparable
}
