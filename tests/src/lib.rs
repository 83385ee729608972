//! Real servers and browsers for tests.
