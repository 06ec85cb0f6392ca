//! The whole code of small models, each kept in a file of `snapshots`.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test -p orm-derive` writes the files anew; what has changed is then in the diff to review.

use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::expansion::formatted;

struct Snapshot {
    name: &'static str,
    derive: fn(TokenStream) -> TokenStream,
    source: &'static str,
}

const SNAPSHOTS: &[Snapshot] = &[
    Snapshot {
        name: "plain",
        derive: crate::derive_model,
        source: "
/// Who writes.
pub struct User {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub name: String,
    /// In years.
    age: Option<i32>,
    #[orm(column = \"Nick\")]
    pub(crate) r#nick: String,
}",
    },
    Snapshot {
        name: "filters",
        derive: crate::derive_model,
        source: "
#[orm(soft_delete = deleted_at, filter(listed = \"NOT Hidden AND lower(hidden_by) <> 'hidden'\"))]
pub struct Note {
    #[orm(primary_key)]
    pub id: i64,
    pub hidden: bool,
    pub hidden_by: Option<String>,
    pub deleted_at: Option<DateTime<Utc>>,
}",
    },
    Snapshot {
        name: "key_types",
        derive: crate::derive_model,
        source: "
#[orm(table = \"line_items\")]
pub struct Item {
    #[orm(primary_key)]
    pub order_id: OrderId,
    #[orm(primary_key)]
    pub code: String,
    #[orm(generated = always)]
    pub number: i32,
}",
    },
    Snapshot {
        name: "foreign_key",
        derive: crate::derive_model,
        source: "
#[orm(has_many(comments = super::Comment.post_id))]
pub struct Post {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(references = crate::User.id, relation = author, on_delete = cascade)]
    pub user_id: i64,
    #[orm(references = User.name, relation = editor, on_delete = set_null, on_update = cascade)]
    pub editor_name: Option<String>,
}",
    },
    Snapshot {
        name: "composite_foreign_key",
        derive: crate::derive_model,
        source: "
#[orm(foreign_key(tenant_id, order_id = Order, on_delete = restrict))]
pub struct Payment {
    #[orm(primary_key)]
    pub id: i64,
    pub tenant_id: i64,
    pub order_id: Option<i32>,
}",
    },
    Snapshot {
        name: "defaults",
        derive: crate::derive_model,
        source: "
pub struct Token {
    #[orm(primary_key, client_default = Uuid::now_v7)]
    pub id: Uuid,
    #[orm(default = \"now()\")]
    pub made_at: DateTime<Utc>,
    #[orm(references = User.id, default = \"1\")]
    pub user_id: i64,
}",
    },
    Snapshot {
        name: "computed_and_version",
        derive: crate::derive_model,
        source: "
pub struct Account {
    #[orm(primary_key)]
    pub id: i64,
    pub email: String,
    #[orm(computed = \"lower(email)\")]
    pub lower_email: String,
    #[orm(version)]
    pub version: i32,
    #[orm(on_update = \"now()\")]
    pub changed_at: Option<DateTime<Utc>>,
}",
    },
    Snapshot {
        name: "constraints_and_indexes",
        derive: crate::derive_model,
        source: "
#[orm(schema = \"shop\")]
#[orm(unique(tenant_id, email, deferrable), unique(email, name = \"by_email\"))]
#[orm(index(tenant_id, \"lower(email)\", method = \"btree\", where = \"price > 0\", name = \"by_tenant\", unique))]
#[orm(check = \"tenant_id > 0\")]
pub struct Customer {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(index)]
    pub tenant_id: i64,
    #[orm(unique(deferrable = initially_deferred))]
    pub email: String,
    #[orm(check = \"price >= 0\", index(method = \"brin\"))]
    pub price: i64,
}",
    },
    Snapshot {
        name: "policies",
        derive: crate::derive_model,
        source: "
#[orm(policy(name = \"tenant\", using = \"tenant = current_setting('app.tenant')\"), row_security = force)]
#[orm(policy(name = \"new\", for = insert, to = \"web_user\", check = \"id > 0\", restrictive))]
pub struct Invoice {
    #[orm(primary_key)]
    pub id: i64,
    pub tenant: String,
}",
    },
    Snapshot {
        name: "view",
        derive: crate::derive_model,
        source: "
#[orm(view = \"SELECT id, name FROM users WHERE age >= 18\")]
pub struct Adult {
    pub id: i64,
    pub name: Option<String>,
}",
    },
    Snapshot {
        name: "enumeration",
        derive: crate::derive_enum,
        source: "
#[orm(name = \"user_mood\")]
pub enum Mood {
    Happy,
    #[orm(label = \"very sad\")]
    VerySad,
}",
    },
    Snapshot {
        name: "row",
        derive: crate::derive_row,
        source: "
#[derive(Clone)]
pub struct Revenue {
    #[orm(column = \"Supplier\")]
    pub supplier: i64,
    /// In euros.
    pub(crate) total: Option<Money>,
}",
    },
    Snapshot {
        name: "row_with_relations",
        derive: crate::derive_row,
        source: "
#[orm(of = User)]
pub struct UserPage {
    pub id: i64,
    #[orm(relation)]
    pub posts: Vec<PostLine>,
    #[orm(count = posts)]
    pub post_count: i64,
}",
    },
    Snapshot {
        name: "row_of_a_model",
        derive: crate::derive_row,
        source: "
#[orm(of = shop::User)]
pub struct UserCard {
    id: i64,
    pub name: String,
}",
    },
    Snapshot { name: "newtype", derive: crate::derive_newtype, source: "\npub struct UserId(pub i64);" },
    Snapshot {
        name: "crate_path",
        derive: crate::derive_model,
        source: "
#[orm(crate = my_app::orm)]
struct Visit {
    #[orm(primary_key)]
    id: i64,
    #[orm(references = User.id)]
    user_id: i64,
}",
    },
    Snapshot {
        name: "new_derive",
        derive: crate::derive_model,
        source: "
#[orm(new(derive(PartialEq, serde::Deserialize, Clone)))]
pub struct Tag {
    #[orm(primary_key, default = \"gen_random_uuid()\")]
    pub id: Uuid,
    pub name: Option<String>,
}",
    },
];

impl Snapshot {
    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/tests/snapshots/{}.rs", self.name))
    }

    fn code(&self) -> TokenStream {
        (self.derive)(self.source.parse().unwrap())
    }

    /// The file: the model as comment, and its code.
    fn text(&self) -> String {
        let model = self.source.trim().lines().map(|line| format!("// {line}\n"));
        let code = self.code().to_string();
        format!("{}\n{}\n", model.collect::<String>(), formatted(&code).unwrap_or(code).trim())
    }
}

/// The tokens one by one, without what rustfmt may add or take away: space, and commas before a closing bracket.
fn tokens(code: TokenStream) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for token in code {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                tokens.push(open.to_owned());
                tokens.extend(self::tokens(group.stream()));
                tokens.pop_if(|last| last == ",");
                tokens.push(close.to_owned());
            }
            other => tokens.push(other.to_string()),
        }
    }
    tokens
}

fn same(one: TokenStream, other: TokenStream) -> bool {
    tokens(one) == tokens(other)
}

/// The lines that differ, `-` for the file and `+` for now, with the lines around them.
fn difference(file: &str, now: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (file.lines().collect(), now.lines().collect());
    // How many lines the rests have in common, from each pair of places on.
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (row, old_line) in old.iter().enumerate().rev() {
        for (column, new_line) in new.iter().enumerate().rev() {
            common[row][column] = if old_line == new_line {
                common[row + 1][column + 1] + 1
            } else {
                common[row + 1][column].max(common[row][column + 1])
            };
        }
    }
    let (mut row, mut column, mut lines) = (0, 0, Vec::new());
    while row < old.len() || column < new.len() {
        if row < old.len() && column < new.len() && old[row] == new[column] {
            lines.push((' ', old[row]));
            (row, column) = (row + 1, column + 1);
        } else if row < old.len()
            && (column == new.len() || common[row + 1][column] >= common[row][column + 1])
        {
            lines.push(('-', old[row]));
            row += 1;
        } else {
            lines.push(('+', new[column]));
            column += 1;
        }
    }
    let near = |place: usize| {
        let around = place.saturating_sub(2)..(place + 3).min(lines.len());
        lines[around].iter().any(|(mark, _)| *mark != ' ')
    };
    let shown = lines.iter().enumerate().filter(|(place, _)| near(*place));
    shown.map(|(_, (mark, line))| format!("{mark} {line}\n")).collect()
}

#[test]
fn what_is_written_is_what_was_reviewed() {
    let update = env::var_os("UPDATE_SNAPSHOTS").is_some();
    let mut wrong = String::new();
    for snapshot in SNAPSHOTS {
        if update {
            fs::write(snapshot.path(), snapshot.text()).unwrap();
        }
        let file = fs::read_to_string(snapshot.path()).unwrap_or_default();
        if !same(file.parse().unwrap(), snapshot.code()) {
            let difference = difference(&file, &snapshot.text());
            wrong.push_str(&format!("{}\n{difference}\n", snapshot.path().display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}`UPDATE_SNAPSHOTS=1 cargo test -p orm-derive` takes this over");
}

#[test]
fn every_snapshot_is_of_a_model() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/snapshots");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut expected: Vec<_> = SNAPSHOTS.iter().map(Snapshot::path).collect();
    files.sort();
    expected.sort();
    assert_eq!(files, expected);
}

#[test]
fn a_difference_shows_what_is_gone_and_what_is_new() {
    let file = "a\nb\nc\nd\ne\nf\ng\n";
    assert_eq!(difference(file, "a\nb\nc\nX\ne\nf\ng\n"), "  b\n  c\n- d\n+ X\n  e\n  f\n");
    assert_eq!(difference("", "a\n"), "+ a\n");
    assert!(!same("f(a, b)".parse().unwrap(), "f(a)".parse().unwrap()));
    assert!(same("f(a, b,)".parse().unwrap(), "f(a, b)".parse().unwrap()));
}
