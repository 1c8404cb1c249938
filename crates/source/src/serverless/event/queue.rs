//! `sqs`: a queue that the function reads.

use super::super::naming;
use super::super::service::Service;
use super::Event;
use super::mapping::{self, grant};
use crate::cloudformation::make::Make;

const ACTIONS: [&str; 3] = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

pub(super) fn mapping(service: &mut Service<'_>, event: Event<'_>) {
    let Some(arn) = event.main("arn") else {
        return event.missing(service, "arn");
    };
    let at = event.at();
    let queue = naming::alphanumeric(&service.named(&arn, ':'));
    grant(service, event, &ACTIONS, arn.clone(), true);
    let mut special = vec![
        ("EventSourceArn", arn),
        ("BatchSize", at.plain("10")),
        ("Enabled", at.plain("true")),
    ];
    if let Some(most) = event.part("maximumConcurrency") {
        let config = Make(most.place).map(vec![("MaximumConcurrency", most.clone())]);
        special.push(("ScalingConfig", config));
    }
    mapping::mapping(service, event, &format!("EventSourceMappingSQS{queue}"), special);
}
