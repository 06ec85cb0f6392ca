//! Keys of several columns, and keys that are made of others.

use crate::property_flush::schema::{TestSchema, flush_schema};

flush_schema! { composite;
    Order NewOrder { #[orm(primary_key)] tenant: String, #[orm(primary_key)] number: i64, note: Option<String> }
    Line NewLine #[orm(foreign_key(tenant, number = Order, on_delete = cascade, on_update = cascade))] {
        #[orm(primary_key)] tenant: String,
        #[orm(primary_key)] number: i64,
        #[orm(primary_key)] place: i32,
    }
}

flush_schema! { composite_no_action;
    Order NewOrder { #[orm(primary_key)] tenant: String, #[orm(primary_key)] number: i64 }
    Payment NewPayment #[orm(foreign_key(tenant, number = Order))] {
        tenant: String,
        number: i64,
        #[orm(unique)] place: Option<i32>,
    } + { #[orm(primary_key, generated)] id: i64 }
}

flush_schema! { composite_set_null;
    Order NewOrder { #[orm(primary_key)] tenant: String, #[orm(primary_key)] number: i64 }
    Payment NewPayment #[orm(foreign_key(tenant, number = Order, on_delete = set_null, on_update = cascade))] {
        #[orm(primary_key)] code: String,
        tenant: Option<String>,
        number: Option<i64>,
    }
}

flush_schema! { key_only;
    Student NewStudent { #[orm(primary_key)] code: String }
    Course NewCourse { #[orm(primary_key)] code: String, #[orm(unique)] place: Option<i32> }
    Attendance NewAttendance {
        #[orm(primary_key, references = Student.code, on_delete = cascade, on_update = cascade)] student: String,
        #[orm(primary_key, references = Course.code, on_update = cascade)] course: String,
    }
}

flush_schema! { key_only_generated;
    Tag NewTag { #[orm(unique)] name: String } + { #[orm(primary_key, generated)] id: i64 }
    Tagging NewTagging {
        #[orm(primary_key, references = Tag.id, on_delete = cascade)] label: i64,
        #[orm(primary_key)] place: i64,
    }
}

flush_schema! { key_of_a_key;
    Country NewCountry { #[orm(primary_key)] code: String }
    City NewCity {
        #[orm(primary_key, references = Country.code, on_update = cascade)] country: String,
        #[orm(primary_key)] name: String,
    }
    Street NewStreet #[orm(foreign_key(country, city = City, on_delete = cascade, on_update = cascade))] {
        country: String,
        city: String,
        #[orm(primary_key)] name: String,
    }
}

flush_schema! { shared_column;
    Tenant NewTenant { #[orm(primary_key)] code: String }
    Order NewOrder {
        #[orm(primary_key, references = Tenant.code, on_delete = cascade, on_update = cascade)] tenant: String,
        #[orm(primary_key)] number: i64,
    }
    Line NewLine #[orm(foreign_key(tenant, number = Order, on_delete = cascade, on_update = cascade))] {
        #[orm(primary_key)] code: String,
        #[orm(references = Tenant.code, on_update = cascade)] tenant: String,
        number: i64,
        #[orm(unique)] place: Option<i32>,
    }
}

flush_schema! { shared_column_no_action;
    Tenant NewTenant { #[orm(primary_key)] code: String }
    Order NewOrder {
        #[orm(primary_key, references = Tenant.code)] tenant: String,
        #[orm(primary_key)] number: i64,
    }
    Payment NewPayment #[orm(foreign_key(tenant, number = Order))] {
        #[orm(primary_key)] code: String,
        #[orm(references = Tenant.code, on_delete = cascade)] tenant: String,
        number: i64,
    }
}

/// All of them.
pub fn all() -> Vec<TestSchema> {
    vec![
        composite::schema(),
        composite_no_action::schema(),
        composite_set_null::schema(),
        key_only::schema(),
        key_only_generated::schema(),
        key_of_a_key::schema(),
        shared_column::schema(),
        shared_column_no_action::schema(),
    ]
}
