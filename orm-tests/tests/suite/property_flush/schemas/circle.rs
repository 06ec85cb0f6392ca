//! Foreign keys of a table to itself, and of tables in circles.

use crate::property_flush::schema::{TestSchema, flush_schema};

flush_schema! { tree;
    Node NewNode {
        #[orm(primary_key)] code: String,
        #[orm(unique)] name: String,
        #[orm(references = Node.code, on_update = cascade)] parent: Option<String>,
    }
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

flush_schema! { tree_cascade;
    Node NewNode {
        #[orm(primary_key)] code: String,
        #[orm(unique)] name: Option<String>,
        #[orm(references = Node.code, on_delete = cascade, on_update = cascade)] parent: Option<String>,
    }
}

flush_schema! { tree_generated;
    Node NewNode {
        name: String,
        #[orm(references = Node.id)] parent: Option<i64>,
        #[orm(references = Node.id, on_delete = set_null)] next: Option<i64>,
    } + { #[orm(primary_key, generated)] id: i64 }
}

flush_schema! { own_root;
    Node NewNode {
        #[orm(primary_key)] code: String,
        #[orm(references = Node.code, on_update = cascade)] root: String,
    }
}

flush_schema! { ship_and_captain;
    Ship NewShip {
        #[orm(references = Captain.id)] captain: i64,
        #[orm(unique)] name: Option<String>,
    } + { #[orm(primary_key, generated)] id: i64 }
    Captain NewCaptain {
        #[orm(references = Ship.id)] ship: i64,
        name: Option<String>,
    } + { #[orm(primary_key, generated)] id: i64 }
}

flush_schema! { man_and_wife;
    Man NewMan {
        #[orm(primary_key)] code: String,
        #[orm(references = Wife.code, on_delete = cascade, on_update = cascade)] wife: String,
    }
    Wife NewWife {
        #[orm(primary_key)] code: String,
        #[orm(references = Man.code, on_delete = cascade, on_update = cascade)] man: String,
    }
}

flush_schema! { hen_and_egg;
    Hen NewHen {
        #[orm(primary_key)] code: String,
        #[orm(references = Egg.code)] egg: Option<String>,
    }
    Egg NewEgg {
        #[orm(primary_key)] code: String,
        #[orm(references = Hen.code)] hen: Option<String>,
        #[orm(unique)] place: Option<i32>,
    }
}

flush_schema! { triangle;
    First NewFirst {
        #[orm(primary_key)] code: String,
        #[orm(references = Second.code, on_delete = set_null, on_update = cascade)] second: Option<String>,
    }
    Second NewSecond {
        #[orm(primary_key)] code: String,
        #[orm(references = Third.code, on_delete = cascade)] third: Option<String>,
    }
    Third NewThird {
        #[orm(primary_key)] code: String,
        #[orm(references = First.code, on_update = set_null)] first: Option<String>,
        note: Option<String>,
    }
}

flush_schema! { department;
    Department NewDepartment {
        #[orm(primary_key)] code: String,
        #[orm(references = Employee.id, on_delete = set_null)] head: Option<i64>,
    }
    Employee NewEmployee {
        #[orm(references = Department.code, on_update = cascade)] department: String,
        #[orm(references = Employee.id, on_delete = set_null)] manager: Option<i64>,
        #[orm(unique)] name: Option<String>,
    } + { #[orm(primary_key, generated)] id: i64 }
}

/// All of them.
pub fn all() -> Vec<TestSchema> {
    vec![
        tree::schema(),
        circle::schema(),
        tree_cascade::schema(),
        tree_generated::schema(),
        own_root::schema(),
        ship_and_captain::schema(),
        man_and_wife::schema(),
        hen_and_egg::schema(),
        triangle::schema(),
        department::schema(),
    ]
}
