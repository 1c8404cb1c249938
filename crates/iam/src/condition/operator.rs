//! Condition operators, as their names say them.

use std::fmt;
use std::sync::Arc;

/// `ForAnyValue:StringLikeIfExists` and its kin.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Operator {
    pub set: Option<SetOperator>,
    pub test: Test,
    /// True also where the key is not in the request.
    pub if_exists: bool,
}

/// How the values of a multivalued key count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetOperator {
    /// Every value in the request must match; true where there is none.
    ForAllValues,
    /// One value in the request must match; false where there is none.
    ForAnyValue,
}

/// What is compared, and how.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    String {
        how: StringTest,
        negated: bool,
    },
    Numeric(Order),
    Date(Order),
    Bool,
    Binary,
    Ip {
        negated: bool,
    },
    /// `ArnEquals` and `ArnLike` are the same test.
    Arn {
        negated: bool,
    },
    /// Whether the key is in the request at all.
    Null,
    /// An operator that IAM does not document; kept as written.
    Unknown(Arc<str>),
}

/// How strings are compared; only `Like` has wildcards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StringTest {
    Equals,
    EqualsIgnoreCase,
    Like,
}

/// How numbers and dates are compared: the request's value with the policy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    Equals,
    NotEquals,
    LessThan,
    LessThanEquals,
    GreaterThan,
    GreaterThanEquals,
}

/// Every operator without its set prefix and its `IfExists`.
const TESTS: &[(&str, Test)] = &[
    ("StringEquals", string(StringTest::Equals, false)),
    ("StringNotEquals", string(StringTest::Equals, true)),
    ("StringEqualsIgnoreCase", string(StringTest::EqualsIgnoreCase, false)),
    ("StringNotEqualsIgnoreCase", string(StringTest::EqualsIgnoreCase, true)),
    ("StringLike", string(StringTest::Like, false)),
    ("StringNotLike", string(StringTest::Like, true)),
    ("NumericEquals", Test::Numeric(Order::Equals)),
    ("NumericNotEquals", Test::Numeric(Order::NotEquals)),
    ("NumericLessThan", Test::Numeric(Order::LessThan)),
    ("NumericLessThanEquals", Test::Numeric(Order::LessThanEquals)),
    ("NumericGreaterThan", Test::Numeric(Order::GreaterThan)),
    ("NumericGreaterThanEquals", Test::Numeric(Order::GreaterThanEquals)),
    ("DateEquals", Test::Date(Order::Equals)),
    ("DateNotEquals", Test::Date(Order::NotEquals)),
    ("DateLessThan", Test::Date(Order::LessThan)),
    ("DateLessThanEquals", Test::Date(Order::LessThanEquals)),
    ("DateGreaterThan", Test::Date(Order::GreaterThan)),
    ("DateGreaterThanEquals", Test::Date(Order::GreaterThanEquals)),
    ("Bool", Test::Bool),
    ("BinaryEquals", Test::Binary),
    ("IpAddress", Test::Ip { negated: false }),
    ("NotIpAddress", Test::Ip { negated: true }),
    ("ArnEquals", Test::Arn { negated: false }),
    ("ArnLike", Test::Arn { negated: false }),
    ("ArnNotEquals", Test::Arn { negated: true }),
    ("ArnNotLike", Test::Arn { negated: true }),
    ("Null", Test::Null),
];

const fn string(how: StringTest, negated: bool) -> Test {
    Test::String { how, negated }
}

impl Operator {
    /// Reads an operator's name; a name that IAM does not document gives [`Test::Unknown`].
    pub fn parse(name: &str) -> Operator {
        let (set, rest) = match split_prefix(name, "ForAllValues:") {
            Some(rest) => (Some(SetOperator::ForAllValues), rest),
            None => match split_prefix(name, "ForAnyValue:") {
                Some(rest) => (Some(SetOperator::ForAnyValue), rest),
                None => (None, name),
            },
        };
        let (base, if_exists) = match split_suffix(rest, "IfExists") {
            Some(base) => (base, true),
            None => (rest, false),
        };
        let known = TESTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(base));
        match known {
            // `Null` asks whether the key exists; IAM has no `NullIfExists`.
            Some((_, Test::Null)) if if_exists || set.is_some() => Operator::unknown(name),
            Some((_, test)) => Operator {
                set,
                test: test.clone(),
                if_exists,
            },
            None => Operator::unknown(name),
        }
    }

    fn unknown(name: &str) -> Operator {
        Operator {
            set: None,
            test: Test::Unknown(name.into()),
            if_exists: false,
        }
    }

    /// Whether the test is of the `Not` kind: true where no value matches.
    pub fn negated(&self) -> bool {
        match &self.test {
            Test::String { negated, .. } | Test::Ip { negated } | Test::Arn { negated } => *negated,
            Test::Numeric(order) | Test::Date(order) => *order == Order::NotEquals,
            Test::Bool | Test::Binary | Test::Null | Test::Unknown(_) => false,
        }
    }

    /// Whether `*` and `?` in a value are wildcards.
    pub fn has_wildcards(&self) -> bool {
        matches!(
            self.test,
            Test::Arn { .. }
                | Test::String {
                    how: StringTest::Like,
                    ..
                }
        )
    }
}

fn split_prefix<'a>(name: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = name.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn split_suffix<'a>(name: &'a str, suffix: &str) -> Option<&'a str> {
    let (base, tail) = name.split_at_checked(name.len().checked_sub(suffix.len())?)?;
    tail.eq_ignore_ascii_case(suffix).then_some(base)
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.set {
            Some(SetOperator::ForAllValues) => f.write_str("ForAllValues:")?,
            Some(SetOperator::ForAnyValue) => f.write_str("ForAnyValue:")?,
            None => {}
        }
        match &self.test {
            Test::Unknown(name) => f.write_str(name)?,
            test => {
                let name = TESTS.iter().find(|(_, known)| known == test);
                f.write_str(name.map_or("", |(name, _)| name))?;
            }
        }
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}
