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
    ("auto_now", "on_update"),
    ("auto_now_add", "default"),
    ("autoincrement", "generated"),
    ("autoupdate", "on_update"),
    ("check_constraint", "check"),
    ("column_name", "column"),
    ("composite", "foreign_key"),
    ("condition", "where"),
    ("constraint", "check"),
    ("database_default", "default"),
    ("db_column", "column"),
    ("db_index", "index"),
    ("db_table", "table"),
    ("default_expr", "default"),
    ("default_factory", "client_default"),
    ("default_fn", "client_default"),
    ("default_value", "default"),
    ("filter", "where"),
    ("fk", "foreign_key"),
    ("fk", "references"),
    ("foreign_key", "references"),
    ("foreign_key_constraint", "foreign_key"),
    ("foreign_keys", "foreign_key"),
    ("generated_always", "computed"),
    ("generated_as", "computed"),
    ("id", "primary_key"),
    ("identity", "generated"),
    ("index_type", "method"),
    ("indexed", "index"),
    ("insert_default", "client_default"),
    ("key", "primary_key"),
    ("lock", "version"),
    ("name", "column"),
    ("namespace", "schema"),
    ("ondelete", "on_delete"),
    ("onupdate", "on_update"),
    ("optimistic_lock", "version"),
    ("persisted", "computed"),
    ("pk", "primary_key"),
    ("predicate", "where"),
    ("primary", "primary_key"),
    ("relationship", "has_many"),
    ("rename", "column"),
    ("row_version", "version"),
    ("schema_name", "schema"),
    ("serial", "generated"),
    ("server_default", "default"),
    ("server_onupdate", "on_update"),
    ("stored", "computed"),
    ("table_name", "table"),
    ("tablename", "table"),
    ("to", "references"),
    ("unique_constraint", "unique"),
    ("unique_index", "unique"),
    ("unique_key", "unique"),
    ("unique_together", "unique"),
    ("updated_at", "on_update"),
    ("using", "method"),
    ("version_id_col", "version"),
];

/// What to write for words of other libraries that no attribute stands for.
const ADVICE: &[(&[&str], &str)] = &[
    (
        &["nullable", "not_null", "null", "optional", "required"],
        "a column may be NULL if its field is an `Option`, and else it is NOT NULL",
    ),
    (
        &["length", "max_length", "size", "max_len"],
        "text has any length: to limit it, write `check = \"length(name) <= 20\"`",
    ),
    (
        &["json", "jsonb", "serialize"],
        "a struct or a map is kept as a document of JSON in a field of type `Json<T>`, which is in the prelude",
    ),
    (&["column_type", "db_type", "sql_type", "type"], "the type of a column is that of its field"),
    (
        &["exclude", "ignore", "skip", "transient"],
        "every field of a model is a column: keep other values in a struct of their own",
    ),
    (
        &["back_populates", "backref", "belongs_to", "many_to_one"],
        "a relation to one row stands on its foreign key: write `references = User.id, relation = user`; the way back \
         on the other struct: `has_many(posts = Post.user_id)`",
    ),
    (&["cascade", "passive_deletes"], "write `on_delete = cascade` on the foreign key"),
    (
        &["lazy", "eager", "selectin"],
        "nothing is loaded by itself: a statement says it, as `select(User).with(User.posts)`",
    ),
];

/// What to write for a word of another library that no attribute stands for.
pub(crate) fn advice(written: &str) -> Option<&'static str> {
    ADVICE.iter().find(|(words, _)| words.contains(&written)).map(|(_, advice)| *advice)
}

/// The known name that was probably meant.
pub(crate) fn similar<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    let written = written.to_lowercase();
    let mut synonyms = SYNONYMS.iter().filter(|(other, _)| *other == written).map(|(_, name)| *name);
    if let Some(name) = synonyms.find(|name| known.contains(name)) {
        return Some(name);
    }
    known
        .iter()
        .map(|name| (distance(&written, name), *name))
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
    use super::{SYNONYMS, advice, plural, similar, snake};

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
    fn a_word_of_another_library_is_understood_where_it_stands() {
        let (model, field) =
            (["foreign_key", "unique", "index", "schema"], ["references", "unique", "on_update"]);
        assert_eq!((similar("fk", &model), similar("fk", &field)), (Some("foreign_key"), Some("references")));
        assert_eq!(similar("composite", &model), Some("foreign_key"));
        assert_eq!(similar("schema_name", &model), Some("schema"));
        assert_eq!(similar("unique_together", &model), Some("unique"));
        assert_eq!(similar("auto_now", &field), Some("on_update"));
        assert_eq!(similar("onupdate", &field), Some("on_update"));
        assert_eq!(similar("generated_always", &["generated", "computed"]), Some("computed"));
        assert_eq!(similar("index_type", &["name", "method", "where"]), Some("method"));
        assert_eq!(similar("default_factory", &["default", "client_default"]), Some("client_default"));
    }

    #[test]
    fn synonyms_stand_in_order_and_once() {
        assert!(SYNONYMS.is_sorted() && SYNONYMS.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(SYNONYMS.iter().all(|(other, _)| advice(other).is_none()));
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
