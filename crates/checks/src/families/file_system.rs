//! File systems that functions mount.

super::family!(file_system_root_access, file_system_unencrypted);
