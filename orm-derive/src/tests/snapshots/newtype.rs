// pub struct UserId(pub i64);

::orm_core::__newtype!(UserId, 0, i64);
