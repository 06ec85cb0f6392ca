//! The schemas.

use super::schema::{TestSchema, flush_schema};

flush_schema! { cascade_both;
    Parent NewParent { #[orm(primary_key)] code: String, #[orm(unique)] name: String }
    Child NewChild {
        #[orm(primary_key)] code: String,
        #[orm(references = Parent.code, on_delete = cascade, on_update = cascade)] parent: String,
        note: Option<String>,
    }
}

flush_schema! { no_action;
    Parent NewParent { #[orm(primary_key)] code: String, #[orm(unique)] name: String }
    Child NewChild {
        #[orm(primary_key)] code: i64,
        #[orm(references = Parent.code)] parent: String,
        #[orm(unique)] name: Option<String>,
    }
}

flush_schema! { set_null;
    Parent NewParent { #[orm(primary_key)] code: String }
    Child NewChild {
        #[orm(primary_key)] code: String,
        #[orm(references = Parent.code, on_delete = set_null, on_update = cascade)] parent: Option<String>,
        #[orm(references = Child.code, on_delete = cascade, on_update = set_null)] above: Option<String>,
    }
}

flush_schema! { tree;
    Node NewNode {
        #[orm(primary_key)] code: String,
        #[orm(unique)] name: String,
        #[orm(references = Node.code, on_update = cascade)] parent: Option<String>,
    }
}

flush_schema! { generated;
    Parent NewParent { #[orm(unique)] name: String } + { #[orm(primary_key, generated)] id: i64 }
    Child NewChild {
        #[orm(references = Parent.id, on_delete = cascade)] parent: i64,
        #[orm(references = Parent.name, on_update = cascade)] other: Option<String>,
        #[orm(unique)] place: i32,
    } + { #[orm(primary_key, generated)] id: i64 }
}

flush_schema! { circle;
    Author NewAuthor {
        #[orm(primary_key)] code: String,
        #[orm(references = Book.code, on_delete = set_null, on_update = cascade)] best: Option<String>,
    }
    Book NewBook {
        #[orm(primary_key)] code: String,
        #[orm(references = Author.code, on_delete = cascade, on_update = cascade)] author: String,
    }
}

/// All of them.
pub fn all() -> Vec<TestSchema> {
    vec![
        cascade_both::schema(),
        no_action::schema(),
        set_null::schema(),
        tree::schema(),
        generated::schema(),
        circle::schema(),
    ]
}
