//! Replacing the embedded facts, which a process may do once and before its first question.

use maremma_facts::{FactsError, layer_publisher, replace_from, runtimes, sources};

#[test]
fn a_file_of_the_directory_replaces_its_table_and_the_others_stay() {
    let directory = std::env::temp_dir().join(format!("maremma-facts-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("runtime-lifecycle.json");
    std::fs::write(&file, "{}").unwrap();
    assert!(matches!(replace_from(&directory), Err(FactsError::Form { .. })));
    let facts = r#"{"sources": [], "sha256": "", "facts": {
        "cobol1": {"deprecated": "2030-01-02", "create_block": null, "update_block": null, "successor": null}
    }}"#;
    std::fs::write(&file, facts).unwrap();
    replace_from(&directory).unwrap();
    std::fs::remove_dir_all(&directory).unwrap();

    assert_eq!(runtimes().iter().map(|(name, _)| name).collect::<Vec<_>>(), ["cobol1"]);
    assert!(layer_publisher("580247275435").is_some());
    assert!(sources().iter().all(|source| source.name != "runtime-lifecycle"));
    assert!(matches!(replace_from(&directory), Err(FactsError::Late)));
}
