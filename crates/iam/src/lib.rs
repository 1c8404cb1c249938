//! The policy language: parse, match, evaluate conditions, and say whom a statement admits.
