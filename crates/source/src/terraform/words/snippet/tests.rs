//! Fixes as they are pasted into a configuration.

use super::*;
