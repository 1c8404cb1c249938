//! What watches functions.

super::family!(cloudtrail_no_invoke_events);
