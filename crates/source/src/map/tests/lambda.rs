//! Functions and what they are made of.

use super::{estate, literal, only};
use maremma_model::Function;

const FUNCTION: &str = "  Fn:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code: ";

#[test]
fn code_that_is_to_be_packaged_is_known_by_its_path() {
    let estate = estate(&format!("{FUNCTION}./build\n"));
    let function: &Function = only(&estate);
    assert_eq!(literal(&function.code.local_path), "./build");
    assert!(function.code.image_uri.is_unset() && function.code.s3_key.is_unset());
    assert!(estate.gaps.is_empty(), "{:?}", estate.gaps);
}

#[test]
fn code_that_is_no_path_is_told() {
    let estate = estate(&format!("{FUNCTION}[./build]\n"));
    assert_eq!(estate.gaps.len(), 1, "{:?}", estate.gaps);
    assert!(!only::<Function>(&estate).code.image_uri.is_unset());
}
