//! Versions, and triggers that write a row that others refer to.

use crate::property_flush::schema::{TestSchema, flush_schema};

/// Counts anew, so that no order of the same operations leaves another number.
const COUNT: &str = "CREATE FUNCTION count_children() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE parents SET children = (SELECT count(*) FROM childs WHERE parent = parents.code)
    WHERE code IN (OLD.parent, NEW.parent); RETURN NULL; END $$;
    CREATE TRIGGER count_children AFTER INSERT OR DELETE OR UPDATE OF parent ON childs
    FOR EACH ROW EXECUTE FUNCTION count_children()";

const RECOUNT: &str =
    "UPDATE parents SET children = (SELECT count(*) FROM childs WHERE parent = parents.code)";

flush_schema! { version;
    Parent NewParent { #[orm(primary_key)] code: String, #[orm(unique)] name: String }
        + { #[orm(version)] version: i32 }
    Child NewChild {
        #[orm(primary_key)] code: String,
        #[orm(references = Parent.code, on_delete = cascade, on_update = cascade)] parent: String,
    } + { #[orm(version)] version: i64 }
}

flush_schema! { version_in_a_tree;
    Node NewNode {
        #[orm(unique)] name: String,
        #[orm(references = Node.id, on_delete = set_null)] parent: Option<i64>,
    } + { #[orm(primary_key, generated)] id: i64, #[orm(version)] version: i32 }
}

flush_schema! { version_xmin;
    Parent NewParent { #[orm(primary_key)] code: String, #[orm(unique)] name: String }
        + { #[orm(version, column = "xmin")] version: Xmin }
    Child NewChild {
        #[orm(primary_key)] code: String,
        #[orm(references = Parent.code, on_delete = cascade, on_update = cascade)] parent: String,
        note: Option<String>,
    } + { #[orm(version, column = "xmin")] version: Xmin }
}

flush_schema! { counted,
    sql = COUNT, prepare = RECOUNT;
    Parent NewParent { #[orm(primary_key)] code: String, #[orm(unique)] name: String, #[orm(default = "0")] children: i32 }
    Child NewChild {
        #[orm(primary_key)] code: String,
        #[orm(references = Parent.code, on_delete = cascade, on_update = cascade)] parent: String,
    }
}

flush_schema! { counted_version,
    sql = COUNT, prepare = RECOUNT;
    Parent NewParent { #[orm(primary_key)] code: String, #[orm(unique)] name: String, #[orm(default = "0")] children: i32 }
        + { #[orm(version)] version: i32 }
    Child NewChild {
        #[orm(primary_key)] code: i64,
        #[orm(references = Parent.code, on_delete = set_null)] parent: Option<String>,
    } + { #[orm(version)] version: i32 }
}

flush_schema! { counted_xmin,
    sql = COUNT, prepare = RECOUNT;
    Parent NewParent { #[orm(primary_key)] code: String, name: String, #[orm(default = "0")] children: i32 }
        + { #[orm(version, column = "xmin")] version: Xmin }
    Child NewChild {
        #[orm(primary_key)] code: i64,
        #[orm(references = Parent.code, on_delete = cascade)] parent: String,
    }
}

/// All of them.
pub fn all() -> Vec<TestSchema> {
    vec![
        version::schema(),
        version_in_a_tree::schema(),
        version_xmin::schema(),
        counted::schema(),
        counted_version::schema(),
        counted_xmin::schema(),
    ]
}
