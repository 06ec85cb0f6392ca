//! Methods that are looked for and not there: what the compiler says of a call is what to write instead.

/// Declares methods that no value has, with what is said of a call, and at its place.
///
/// The `impl` asks for a trait that nothing has, so that a method of that name of a program's own trait is found, and neither
/// the number of arguments nor a type parameter matters. The compiler finds it so for what is called as a value, as statements
/// and columns are, where no trait in scope has such a method, and not through a reference: `missing_verbs` is for those.
macro_rules! missing {
    ($($bound:ident: $message:literal, $label:literal; $([$($generic:tt)*] $ty:ty: $($method:ident)+;)+)+) => { $(
        #[diagnostic::on_unimplemented(message = $message, label = $label)]
        pub trait $bound<'a> {}

        $(
            impl<'a, $($generic)*> $ty
            where
                $ty: $bound<'a>,
            {
                $(
                    #[doc(hidden)]
                    pub fn $method(&self) {}
                )+
            }
        )+
    )+ };
}
pub(crate) use missing;

/// Declares methods that no value has, for what is called through a reference too, as an engine and a session are. The method
/// asks for the trait, and its result is whatever is expected of it, so that no other error follows. The compiler shows the
/// tokens of the bound and of the method: all come from the invocation, so that it shows two lines of that, and no macro.
macro_rules! missing_verbs {
    ([$($bound:tt)+]: $message:literal, $label:literal; $([] $ty:ty: $($method:ident($($argument:tt)?))+;)+) => {
        #[diagnostic::on_unimplemented(message = $message, label = $label)]
        pub trait $($bound)+ {}

        $crate::query::mistaken::missing_verbs!(@ [$($bound)+] $([$ty: $($method($($argument)?))+])+);
    };
    (@ $bound:tt $([$ty:ty: $($method:ident($($argument:tt)?))+])+) => {
        $(impl $ty {
            $($crate::query::mistaken::missing_verbs!(@@ $bound $method $($argument)?);)+
        })+
    };
    (@@ [$($bound:tt)+] $method:ident $($argument:tt)?) => {
        #[doc(hidden)]
        pub fn $method<'a, T>(
            &'a self,
            $($argument: impl Sized)?
        ) -> std::future::Pending<Result<T, $crate::error::Error>>
        where
            Self: $($bound)+,
        {
            std::future::pending()
        }
    };
}
pub(crate) use missing_verbs;
