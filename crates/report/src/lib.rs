//! Findings to text, JSON and SARIF.
