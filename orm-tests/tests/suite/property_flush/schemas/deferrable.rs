//! Constraints that can be checked at the end of the transaction.

use crate::property_flush::schema::{TestSchema, flush_schema};

flush_schema! { deferred_hen_and_egg;
    Hen NewHen {
        #[orm(primary_key)] code: String,
        #[orm(references = Egg.code, deferrable = initially_deferred)] egg: String,
    }
    Egg NewEgg {
        #[orm(primary_key)] code: String,
        #[orm(references = Hen.code, on_update = cascade, deferrable = initially_deferred)] hen: String,
    }
}

flush_schema! { deferrable_no_action;
    Parent NewParent { #[orm(primary_key)] code: String, #[orm(unique)] name: String }
    Child NewChild {
        #[orm(primary_key)] code: i64,
        #[orm(references = Parent.code, deferrable)] parent: String,
        #[orm(unique(deferrable))] name: Option<String>,
    }
}

flush_schema! { deferrable_tree;
    Node NewNode {
        #[orm(primary_key)] code: String,
        #[orm(unique(deferrable = initially_deferred))] place: i32,
        #[orm(references = Node.code, on_delete = cascade, deferrable)] parent: Option<String>,
    }
}

flush_schema! { deferrable_pair;
    List NewList { #[orm(unique(deferrable))] name: String } + { #[orm(primary_key, generated)] id: i64 }
    Item NewItem #[orm(unique(list, place, deferrable))] {
        #[orm(primary_key)] code: String,
        #[orm(references = List.id, on_delete = cascade, deferrable = initially_deferred)] list: i64,
        place: i32,
    }
}

/// All of them.
pub fn all() -> Vec<TestSchema> {
    let all = [
        deferred_hen_and_egg::schema(),
        deferrable_no_action::schema(),
        deferrable_tree::schema(),
        deferrable_pair::schema(),
    ];
    all.into_iter().map(|schema| TestSchema { is_deferrable: true, ..schema }).collect()
}
