//! Names: Rust's turned into SQL's, and the one that was probably meant.

/// `BlogPost` as `blog_post`, `HTTPServer` as `http_server`.
pub(crate) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase() && letters.get(at + 1).is_some_and(|next| next.is_lowercase()))
            });
        if starts_word {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

/// `user` as `users`, `category` as `categories`, `address` as `addresses`.
pub(crate) fn plural(word: &str) -> String {
    if ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end)) {
        return format!("{word}es");
    }
    match word.strip_suffix('y') {
        Some(stem) if stem.ends_with(|before: char| !"aeiou_".contains(before)) => format!("{stem}ies"),
        _ => format!("{word}s"),
    }
}

/// Words other libraries use for the same thing.
const SYNONYMS: &[(&str, &str)] = &[
    ("auto", "generated"),
    ("auto_increment", "generated"),
    ("autoincrement", "generated"),
    ("column_name", "column"),
    ("fk", "references"),
    ("foreign_key", "references"),
    ("id", "primary_key"),
    ("identity", "generated"),
    ("key", "primary_key"),
    ("name", "column"),
    ("pk", "primary_key"),
    ("rename", "column"),
    ("serial", "generated"),
    ("server_default", "default"),
    ("table_name", "table"),
    ("tablename", "table"),
];

/// The known name that was probably meant.
pub(crate) fn similar<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    let given = given.to_lowercase();
    let synonym = SYNONYMS.iter().find(|(other, _)| *other == given).map(|(_, name)| *name);
    if let Some(name) = known.iter().find(|name| Some(**name) == synonym) {
        return Some(name);
    }
    known
        .iter()
        .map(|name| (distance(&given, name), *name))
        .filter(|(distance, name)| *distance <= name.len() / 3)
        .min()
        .map(|(_, name)| name)
}

/// How many letters must be added, removed, changed, or swapped with the next.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, letter) in from.iter().enumerate() {
        let mut next = vec![at + 1];
        for place in 0..to.len() {
            let changed = row[place] + usize::from(to[place] != *letter);
            let mut least = changed.min(row[place + 1] + 1).min(next[place] + 1);
            if at > 0 && place > 0 && from[at - 1] == to[place] && *letter == to[place - 1] {
                least = least.min(before[place - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{plural, similar, snake};

    #[test]
    fn rust_names_become_snake_case() {
        let names = ["User", "BlogPost", "HTTPServer", "Utf8Text", "OAuth2Token", "Élan", "already_snake"];
        let expected =
            ["user", "blog_post", "http_server", "utf8_text", "o_auth2_token", "élan", "already_snake"];
        assert_eq!(names.map(snake), expected);
    }

    #[test]
    fn a_table_is_named_for_many_rows() {
        let words = ["user", "category", "address", "box", "blog_post", "day", "batch", "y"];
        let expected = ["users", "categories", "addresses", "boxes", "blog_posts", "days", "batches", "ys"];
        assert_eq!(words.map(plural), expected);
    }

    #[test]
    fn the_probable_name_is_found() {
        let known = ["primary_key", "generated", "column", "references", "relation"];
        assert_eq!(similar("reference", &known), Some("references"));
        assert_eq!(similar("primarykey", &known), Some("primary_key"));
        assert_eq!(similar("pk", &known), Some("primary_key"));
        assert_eq!(similar("Column", &known), Some("column"));
        assert_eq!(similar("colunm", &known), Some("column"));
        assert_eq!(similar("index", &known), None);
    }
}
