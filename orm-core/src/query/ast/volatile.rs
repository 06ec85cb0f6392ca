//! Whether a statement can give other rows each time it is run, though the tables have not changed.

use super::{Body, Content, Node, Raw, Select};

/// The functions of PostgreSQL and its usual extensions whose values differ from call to call.
const VOLATILE: [&str; 14] = [
    "random",
    "random_normal",
    "clock_timestamp",
    "timeofday",
    "nextval",
    "setval",
    "gen_random_uuid",
    "gen_random_bytes",
    "uuidv4",
    "uuidv7",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "pg_sleep",
];

impl Select {
    /// The first function in it whose values differ from call to call, as far as their names tell.
    pub(crate) fn volatile(&self) -> Option<&'static str> {
        let arms = self.set().map_or(&[][..], |set| &set.arms);
        let bodies = self.bodies().iter().map(|(_, body)| body).chain(self.with());
        self.nodes()
            .find_map(Node::volatile)
            .or_else(|| arms.iter().find_map(Select::volatile))
            .or_else(|| bodies.into_iter().find_map(|body| in_body(body)))
    }
}

impl Node {
    /// As [`Select::volatile`].
    pub(crate) fn volatile(&self) -> Option<&'static str> {
        let own = match self {
            Node::Function(function) => known(function.name.text()),
            Node::Raw(raw) => in_text(raw),
            Node::Sql(text) => called(text),
            _ => None,
        };
        own.or_else(|| self.select().and_then(|select| select.volatile()))
            .or_else(|| self.children().find_map(Node::volatile))
    }
}

fn in_body(body: &Body) -> Option<&'static str> {
    match &body.content {
        Content::Select(select) => select.volatile(),
        Content::Recursive(recursive) => recursive.first.volatile().or_else(|| recursive.step.volatile()),
        Content::Function(function) => function.call.volatile(),
        Content::Raw(raw) => in_text(raw).or_else(|| raw.nodes.iter().find_map(Node::volatile)),
        _ => None,
    }
}

fn known(name: &str) -> Option<&'static str> {
    let name = name.rsplit('.').next().unwrap_or(name);
    VOLATILE.iter().find(|volatile| volatile.eq_ignore_ascii_case(name)).copied()
}

fn in_text(raw: &Raw) -> Option<&'static str> {
    raw.texts.iter().find_map(|text| called(text.as_str()))
}

/// The first of them that a text calls: a word before an opening parenthesis.
fn called(text: &str) -> Option<&'static str> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    text.match_indices('(').find_map(|(place, _)| {
        let before = text[..place].trim_end();
        let start = before.rfind(|character| !is_word(character)).map_or(0, |last| last + 1);
        known(before.get(start..)?)
    })
}

#[cfg(test)]
mod tests {
    use super::called;

    #[test]
    fn a_text_calls_what_stands_before_a_parenthesis() {
        assert_eq!(called("a + RANDOM ( ) < 1"), Some("random"));
        assert_eq!(called("pg_catalog.clock_timestamp()"), Some("clock_timestamp"));
        for quiet in ["random", "my_random()", "lower(random)", "(é)", ""] {
            assert_eq!(called(quiet), None, "{quiet}");
        }
    }
}
