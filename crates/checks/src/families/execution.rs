//! How functions run where Lambda's own isolation, memory or order is another: on managed instances, as
//! durable executions, for tenants.

super::family!(
    capacity_provider_no_customer_key,
    capacity_provider_shared,
    durable_no_customer_key,
    durable_unqualified,
    tenant_file_system_shared
);
