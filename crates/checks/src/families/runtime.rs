//! Runtimes.

super::family!(runtime_deprecated);
