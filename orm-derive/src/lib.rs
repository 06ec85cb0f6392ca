//! Derives of orm-core.
