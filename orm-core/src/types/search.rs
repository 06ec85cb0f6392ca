//! The types of full text search.

crate::__sent_as_text! {
    /// A text as what can be searched: `tsvector`. A computed column has it:
    /// `#[orm(computed = "to_tsvector('english', title)")] search: TsVector`.
    pub struct TsVector("tsvector");
    /// What is searched for: `tsquery`.
    pub struct TsQuery("tsquery");
}
