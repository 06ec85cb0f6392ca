//! Takes parameters out of a connection string, and leaves the others as they stand.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::CharIndices;

use crate::error::Error;

/// The connection string without the parameters that `take` takes; it is given each name and value, decoded.
///
/// What cannot be read stays, for the driver to say what is wrong with it.
pub(super) fn without(
    text: &str,
    mut take: impl FnMut(&str, &str) -> Result<bool, Error>,
) -> Result<String, Error> {
    let Some(query) = query(text) else {
        let mut rest = Vec::new();
        let mut pairs = Pairs { text, at: text.char_indices().peekable() };
        while let Some((pair, name, value)) = pairs.next() {
            if !take(name, &value)? {
                rest.push(pair);
            }
        }
        rest.push(pairs.rest());
        return Ok(rest.join(" "));
    };
    let (before, parameters) = text.split_at(query);
    let mut rest = Vec::new();
    for pair in parameters.split('&') {
        let taken = match pair.split_once('=') {
            Some((name, value)) => match (decoded(name), decoded(value)) {
                (Some(name), Some(value)) => take(&name, &value)?,
                _ => false,
            },
            None => false,
        };
        if !taken {
            rest.push(pair);
        }
    }
    Ok(format!("{before}{}", rest.join("&")))
}

/// Where the parameters of a URL begin, behind its question mark; `None` for a list of `key=value`.
fn query(text: &str) -> Option<usize> {
    let start = super::SCHEMES.iter().find_map(|scheme| text.starts_with(scheme).then_some(scheme.len()))?;
    // A password may hold a question mark.
    let host = text[start..].find('@').map_or(start, |at| start + at + 1);
    Some(text[host..].find('?').map_or(text.len(), |at| host + at + 1))
}

fn decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let code = others.get(..2).filter(|_| *first == b'%').and_then(|digits| {
            let digit = |at: usize| char::from(digits[at]).to_digit(16);
            u8::try_from(digit(0)? * 16 + digit(1)?).ok()
        });
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &others[2..] } else { others };
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// Reads `key = value` and `key='it''s'` as libpq does.
struct Pairs<'a> {
    text: &'a str,
    at: Peekable<CharIndices<'a>>,
}

impl<'a> Pairs<'a> {
    /// The next pair as it stands, its name and its value; `None` at the end, and before what is no pair.
    fn next(&mut self) -> Option<(&'a str, &'a str, String)> {
        let before = self.at.clone();
        let found = self.pair();
        if found.is_none() {
            self.at = before;
        }
        found
    }

    fn pair(&mut self) -> Option<(&'a str, &'a str, String)> {
        self.skip(char::is_whitespace);
        let start = self.position();
        self.skip(|c| !c.is_whitespace() && c != '=');
        let name = &self.text[start..self.position()];
        self.skip(char::is_whitespace);
        self.at.next_if(|(_, c)| *c == '=').filter(|_| !name.is_empty())?;
        self.skip(char::is_whitespace);
        let quoted = self.at.next_if(|(_, c)| *c == '\'').is_some();
        let mut value = String::new();
        while let Some((_, c)) = self.at.next_if(|(_, c)| quoted || !c.is_whitespace()) {
            match c {
                '\\' => value.extend(self.at.next().map(|(_, c)| c)),
                '\'' if quoted => return Some((&self.text[start..self.position()], name, value)),
                _ => value.push(c),
            }
        }
        (!quoted && !value.is_empty()).then(|| (&self.text[start..self.position()], name, value))
    }

    fn skip(&mut self, skipped: impl Fn(char) -> bool) {
        while self.at.next_if(|(_, c)| skipped(*c)).is_some() {}
    }

    fn position(&mut self) -> usize {
        self.at.peek().map_or(self.text.len(), |(at, _)| *at)
    }

    fn rest(&mut self) -> &'a str {
        let start = self.position();
        &self.text[start..]
    }
}

#[cfg(test)]
mod tests {
    use super::without;

    /// What is left, and what was taken of the names that begin with `ssl`.
    fn taken(text: &str) -> (String, Vec<(String, String)>) {
        let mut found = Vec::new();
        let rest = without(text, |name, value| {
            let wanted = name.starts_with("ssl");
            if wanted {
                found.push((name.to_owned(), value.to_owned()));
            }
            Ok(wanted)
        });
        (rest.unwrap_or_else(|error| panic!("{error}")), found)
    }

    #[test]
    fn parameters_of_a_url_are_decoded_and_the_others_stay() {
        for (url, rest, found) in [
            ("postgresql://h/d", "postgresql://h/d", vec![]),
            ("postgresql://h/d?sslmode=require", "postgresql://h/d?", vec![("sslmode", "require")]),
            (
                "postgres://u:p?sslmode=x@h/d?a=%20b&ssl%6dode=a%2Fb%zz&options=endpoint%3De",
                "postgres://u:p?sslmode=x@h/d?a=%20b&options=endpoint%3De",
                vec![("sslmode", "a/b%zz")],
            ),
            ("postgresql://h?sslcert=&x", "postgresql://h?x", vec![("sslcert", "")]),
            ("postgresql://?sslcert=%ff", "postgresql://?sslcert=%ff", vec![]),
        ] {
            let found: Vec<_> = found.into_iter().map(|(n, v): (&str, &str)| (n.into(), v.into())).collect();
            assert_eq!(taken(url), (rest.to_owned(), found), "{url}");
        }
    }

    #[test]
    fn pairs_are_read_with_their_quotes_and_the_others_stay() {
        for (text, rest, found) in [
            ("host=h sslmode=require user=u", "host=h user=u ", vec![("sslmode", "require")]),
            (
                r"password='a sslmode=x \' ' sslcert = '/a b\\c' sslkey=/d\ e",
                r"password='a sslmode=x \' ' ",
                vec![("sslcert", r"/a b\c"), ("sslkey", "/d e")],
            ),
            ("sslmode=a nonsense sslkey=b", " nonsense sslkey=b", vec![("sslmode", "a")]),
            ("sslkey='open", "sslkey='open", vec![]),
            ("sslkey=", "sslkey=", vec![]),
        ] {
            let found: Vec<_> = found.into_iter().map(|(n, v): (&str, &str)| (n.into(), v.into())).collect();
            assert_eq!(taken(text), (rest.to_owned(), found), "{text}");
        }
    }
}
