//! A queue that gives a message to a second run of the function before the first has had its time.

use crate::context::name_of;
use crate::subject::events::{fed, invoked};
use crate::verdict::answer::{Answer, Carrier, gravest, in_worlds};
use crate::verdict::judge::attribute;
use crate::{Check, Context, Findings};
use maremma_model::noun::{Queue, Trigger, TriggerKind};
use maremma_model::{
    Confidence, Control, Equivalent, Fact, Fix, Function, Location, Peer, Rule, Setting, Severity, State, Tier, Why,
};
use std::sync::Arc;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "esm-visibility-timeout-short",
        title: "Visibility timeout too short for the function",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::SQS::Queue",
        controls: &[Control::owasp("SAS-10")],
        equivalents: &[
            Equivalent::near(Peer::CfnLint, "E3505"),
            Equivalent::near(Peer::CdkNag, "LambdaEventSourceSQSVisibilityTimeout"),
        ],
        page: include_str!("esm_visibility_timeout_short.md"),
    },
    run,
};

/// How many timeouts of the function a message should stay hidden for.
/// Source: AWS Lambda developer guide, "Creating and configuring an Amazon SQS event source mapping".
const TIMES: u32 = 6;

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.queues.iter() {
        let mappings: Vec<_> = fed(context, id.into())
            .into_iter()
            .filter(|trigger| trigger.kind == TriggerKind::EventSourceMapping)
            .collect();
        let affected = invoked(mappings.iter().copied());
        let answers = mappings.iter().flat_map(|mapping| {
            let functions = invoked([*mapping]);
            functions
                .into_iter()
                .filter_map(|function| answer(row, mapping, context.estate.functions.get(function)?))
                .collect::<Vec<_>>()
        });
        let answer = gravest(answers).unwrap_or_else(|| {
            let says = "no mapping of the queue invokes a function of this input";
            Answer::not_applicable(&row.resource.at, says)
        });
        let draft = Carrier::of(id, &row.resource).draft(answer, None);
        findings.add(draft.affects(affected));
    }
}

/// What a visibility timeout is beside a function's timeout.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Length {
    /// Lambda refuses the mapping.
    Refused,
    Short,
    Enough,
}

fn answer(queue: &Queue, mapping: &Trigger, function: &Function) -> Option<Answer> {
    let setting = &queue.visibility_timeout;
    let window = mapping.mapping.as_ref().map(|mapping| &mapping.batching_window);
    // A window that is not known can only ask for more.
    let window = window.and_then(|window| window.possible().min()).copied().unwrap_or(0);
    let says = attribute(&queue.resource, "VisibilityTimeout", setting, &ToString::to_string).says;
    let fact = Fact::Attribute {
        name: "VisibilityTimeout".into(),
        value: setting.value().map(ToString::to_string),
    };
    let asked = Asked {
        queue: name_of(&queue.resource),
        function: name_of(&function.resource),
        timeout: &function.timeout,
        window,
        says,
    };
    let answer = in_worlds(setting, |visible, at| match visible {
        Ok(visible) => asked.of(*visible, at),
        Err(why) => asked.open(at, "VisibilityTimeout", why),
    });
    let needed = function
        .timeout
        .possible()
        .max()
        .map(|timeout| needed(*timeout, window));
    Some(answer?.fact(fact).fix(fix(setting, needed)))
}

fn fix(setting: &Setting<u32>, needed: Option<u32>) -> Fix {
    let fix = Fix::new("Hide a message for six timeouts of the function and its batching window");
    match (&setting.state, needed) {
        (State::Set(_), Some(needed)) => fix.replace(&setting.at, needed.to_string()),
        (_, Some(needed)) => fix.snippet(format!("VisibilityTimeout: {needed}")),
        (_, None) => fix,
    }
}

fn needed(timeout: u32, window: u32) -> u32 {
    timeout.saturating_mul(TIMES).saturating_add(window)
}

/// A function that a mapping gives the messages of a queue to.
struct Asked<'a> {
    queue: Arc<str>,
    function: Arc<str>,
    timeout: &'a Setting<u32>,
    window: u32,
    says: String,
}

impl Asked<'_> {
    fn of(&self, visible: u32, at: &Location) -> Answer {
        let length = |timeout: &u32| match *timeout {
            timeout if visible < timeout => Length::Refused,
            timeout if visible < needed(timeout, self.window) => Length::Short,
            _ => Length::Enough,
        };
        let lengths: Vec<_> = self.timeout.possible().map(length).collect();
        let (Some(worst), Some(best)) = (lengths.iter().min(), lengths.iter().max()) else {
            let State::Unknown(unknown) = &self.timeout.state else {
                return Answer::not_applicable(at, "the function has no timeout");
            };
            return self.open(at, "Timeout", &unknown.why);
        };
        let timeout = self.timeout.possible().max().copied().unwrap_or(0);
        match (worst, best, &self.timeout.state) {
            (Length::Enough, ..) => Answer::pass(at, self.says.clone()),
            (_, Length::Enough, State::Unknown(unknown)) => self.open(at, "Timeout", &unknown.why),
            (_, Length::Refused, _) => {
                let message = format!(
                    "Queue {} shows a message again before the {timeout} seconds of {} are over, which Lambda refuses",
                    self.queue, self.function
                );
                Answer::fail(at, message, self.says.clone()).severity(Severity::Low)
            }
            _ => {
                let message = format!(
                    "Queue {} may give a message to {} twice: for its {timeout} seconds, AWS asks for {}",
                    self.queue,
                    self.function,
                    needed(timeout, self.window)
                );
                Answer::fail(at, message, self.says.clone()).severity(Severity::Info)
            }
        }
    }

    fn open(&self, at: &Location, name: &str, why: &Why) -> Answer {
        let bad = format!("Queue {} may give a message to {} twice", self.queue, self.function);
        let doubt = format!("{name} is not known: {why}");
        Answer::undetermined(at, &bad, &doubt, Some(why.clone())).severity(Severity::Info)
    }
}
