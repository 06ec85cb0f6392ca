//! Operators between two expressions.

use super::NullRule;

macro_rules! binary {
    ($($operator:ident $sql:literal $null:ident),* $(,)?) => {
        /// An operator between two expressions.
        #[cfg_attr(not(feature = "serde_json"), expect(dead_code, reason = "some are of JSON alone"))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Binary {
            $($operator),*
        }

        impl Binary {
            pub(crate) fn sql(self) -> &'static str {
                match self {
                    $(Binary::$operator => $sql),*
                }
            }

            /// When it gives NULL.
            pub(crate) fn null(self) -> NullRule {
                match self {
                    $(Binary::$operator => NullRule::$null),*
                }
            }
        }
    };
}
binary!(
    Equal "=" Strict,
    NotEqual "<>" Strict,
    Less "<" Strict,
    LessEqual "<=" Strict,
    Greater ">" Strict,
    GreaterEqual ">=" Strict,
    Add "+" Strict,
    Subtract "-" Strict,
    Multiply "*" Strict,
    Divide "/" Strict,
    Remainder "%" Strict,
    Concat "||" Strict,
    BitAnd "&" Strict,
    BitOr "|" Strict,
    BitXor "#" Strict,
    ShiftLeft "<<" Strict,
    ShiftRight ">>" Strict,
    Like "LIKE" Strict,
    ILike "ILIKE" Strict,
    SimilarTo "SIMILAR TO" Strict,
    Regexp "~" Strict,
    IRegexp "~*" Strict,
    IsDistinctFrom "IS DISTINCT FROM" Never,
    IsNotDistinctFrom "IS NOT DISTINCT FROM" Never,
    Contains "@>" Strict,
    ContainedBy "<@" Strict,
    Overlaps "&&" Strict,
    LeftOf "<<" Strict,
    RightOf ">>" Strict,
    Adjacent "-|-" Strict,
    Get "->" Possible,
    GetText "->>" Possible,
    GetPath "#>" Possible,
    GetPathText "#>>" Possible,
    HasKey "?" Strict,
    HasAnyKey "?|" Strict,
    HasAllKeys "?&" Strict,
    TextMatches "@@" Strict,
    PathExists "@?" Possible,
    PathMatches "@@" Possible,
);

impl Binary {
    /// Whether it gives NULL where an operand is NULL.
    pub(crate) fn is_strict(self) -> bool {
        self.null() != NullRule::Never
    }

    /// Whether it compares two values.
    pub(crate) fn compares(self) -> bool {
        matches!(
            self,
            Binary::Equal
                | Binary::NotEqual
                | Binary::Less
                | Binary::LessEqual
                | Binary::Greater
                | Binary::GreaterEqual
                | Binary::Like
                | Binary::ILike
        )
    }
}
