//! Foreign keys of all actions, between tables.

use crate::property_flush::schema::{TestSchema, flush_schema};

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

flush_schema! { restrict;
    Parent NewParent { #[orm(primary_key)] code: String, name: Option<String> }
    Child NewChild {
        #[orm(primary_key)] code: String,
        #[orm(references = Parent.code, on_delete = restrict, on_update = cascade)] parent: String,
    }
    Grandchild NewGrandchild {
        #[orm(primary_key)] code: i64,
        #[orm(references = Child.code, on_delete = cascade, on_update = restrict)] parent: String,
        #[orm(unique)] name: Option<String>,
    }
}

flush_schema! { set_default;
    Parent NewParent { #[orm(primary_key)] code: String, #[orm(unique)] name: Option<String> }
    Child NewChild {
        #[orm(primary_key)] code: String,
        #[orm(references = Parent.code, on_delete = set_default, on_update = cascade, default = "'a'")] parent: String,
    }
}

flush_schema! { set_default_in_key;
    Parent NewParent { #[orm(primary_key)] code: String }
    Child NewChild {
        #[orm(primary_key, references = Parent.code, on_delete = set_default, on_update = set_default, default = "'a'")]
        parent: String,
        #[orm(primary_key)] place: i64,
        note: Option<String>,
    }
    Grandchild NewGrandchild #[orm(foreign_key(parent, place = Child, on_delete = cascade, on_update = cascade))] {
        #[orm(primary_key)] code: String,
        parent: String,
        place: i64,
    }
}

flush_schema! { set_default_on_update;
    Parent NewParent { #[orm(primary_key)] code: String }
    Child NewChild {
        #[orm(primary_key)] code: String,
        #[orm(references = Parent.code, on_delete = cascade, on_update = set_default, default = "'a'")] parent: String,
        #[orm(references = Parent.code, on_delete = set_null)] other: Option<String>,
    }
}

flush_schema! { set_null_on_update;
    Parent NewParent { #[orm(primary_key)] code: i64, #[orm(unique)] name: String }
    Child NewChild {
        #[orm(primary_key)] code: i64,
        #[orm(references = Parent.code, on_update = set_null)] parent: Option<i64>,
        #[orm(references = Parent.name, on_delete = cascade, on_update = cascade)] other: Option<String>,
    }
}

flush_schema! { cascade_chain;
    Grandparent NewGrandparent { #[orm(primary_key)] code: String }
    Parent NewParent {
        #[orm(primary_key, references = Grandparent.code, on_delete = cascade, on_update = cascade)] code: String,
        note: Option<String>,
    }
    Child NewChild {
        #[orm(primary_key, references = Parent.code, on_delete = cascade, on_update = cascade)] code: String,
        #[orm(unique)] place: Option<i32>,
    }
}

flush_schema! { cascade_only_deletes;
    Grandparent NewGrandparent { #[orm(primary_key)] code: String }
    Parent NewParent {
        #[orm(primary_key)] code: String,
        #[orm(references = Grandparent.code, on_delete = cascade)] above: Option<String>,
        #[orm(unique)] name: Option<String>,
    }
    Child NewChild {
        #[orm(primary_key)] code: String,
        #[orm(references = Parent.code, on_delete = cascade)] above: String,
        #[orm(unique)] name: Option<String>,
    }
}

flush_schema! { diamond;
    Top NewTop { #[orm(primary_key)] code: String }
    Left NewLeft {
        #[orm(primary_key)] code: String,
        #[orm(references = Top.code, on_delete = cascade, on_update = cascade)] top: String,
    }
    Right NewRight {
        #[orm(primary_key)] code: String,
        #[orm(references = Top.code, on_update = cascade)] top: String,
    }
    Bottom NewBottom {
        #[orm(primary_key)] code: i64,
        #[orm(references = Left.code, on_delete = set_null, on_update = cascade)] left: Option<String>,
        #[orm(references = Right.code, on_delete = cascade)] right: Option<String>,
    }
}

flush_schema! { two_to_one;
    Person NewPerson { #[orm(primary_key)] code: String, #[orm(unique)] name: String }
    Friendship NewFriendship {
        #[orm(references = Person.code, on_delete = cascade, on_update = cascade)] one: String,
        #[orm(references = Person.code, on_delete = set_null, on_update = cascade)] other: Option<String>,
    } + { #[orm(primary_key, generated)] id: i64 }
}

flush_schema! { one_to_one;
    Owner NewOwner { name: String } + { #[orm(primary_key, generated)] id: i64 }
    Passport NewPassport {
        #[orm(primary_key)] number: String,
        #[orm(unique, references = Owner.id, on_delete = cascade)] owner: i64,
    }
    Stamp NewStamp {
        #[orm(primary_key)] code: i64,
        #[orm(references = Passport.number, on_update = cascade)] passport: Option<String>,
    }
}

flush_schema! { shop;
    Customer NewCustomer { #[orm(unique)] name: String } + { #[orm(primary_key, generated)] id: i64 }
    Product NewProduct { #[orm(primary_key)] code: String, #[orm(unique)] name: Option<String> }
    Order NewOrder {
        #[orm(references = Customer.id, on_delete = cascade)] customer: i64,
        #[orm(unique)] number: i32,
    } + { #[orm(primary_key, generated)] id: i64 }
    Line NewLine {
        #[orm(references = Order.id, on_delete = cascade)] order: i64,
        #[orm(references = Product.code, on_delete = restrict, on_update = cascade)] product: String,
    } + { #[orm(primary_key, generated)] id: i64 }
}

/// All of them.
pub fn all() -> Vec<TestSchema> {
    vec![
        cascade_both::schema(),
        no_action::schema(),
        set_null::schema(),
        restrict::schema(),
        set_default::schema(),
        set_default_in_key::schema(),
        set_default_on_update::schema(),
        set_null_on_update::schema(),
        cascade_chain::schema(),
        cascade_only_deletes::schema(),
        diamond::schema(),
        two_to_one::schema(),
        one_to_one::schema(),
        shop::schema(),
    ]
}
