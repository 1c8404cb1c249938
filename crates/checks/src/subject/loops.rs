//! Loops of events: what a function writes, where that leads, and whether it comes back.

mod place;
mod reached;
mod written;

use crate::context::Context;
use crate::context::relations::Named;
use maremma_iam::{Match, overlap};
use maremma_model::{Evidence, Function, Id, Text, Why};
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

/// Where events are: in a resource, under these keys where that is a bucket, or given to a function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Function(Id<Function>),
    Place(Named, Option<Text>),
}

/// Why it is not known that events take a step.
#[derive(Clone, Debug)]
pub(crate) struct Doubt {
    pub(crate) words: String,
    pub(crate) why: Option<Why>,
}

/// One step of events.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// As a sentence goes on: `may write to queue Q`, `triggers F`.
    pub(crate) words: String,
    pub(crate) evidence: Evidence,
    pub(crate) doubt: Option<Doubt>,
    /// Whether Lambda's loop detection follows it.
    pub(crate) followed: bool,
}

/// A step from a function.
#[derive(Clone, Debug)]
pub(crate) struct Out {
    to: Node,
    step: Step,
    /// The name of the place.
    pub(crate) place: String,
    /// Lambda sends it, as what has become of an asynchronous event.
    destination: bool,
}

/// A step from a resource.
struct Hop {
    to: Node,
    step: Step,
    asynchronous: bool,
    /// The keys that a bucket tells of, as a pattern.
    keys: Option<Text>,
}

/// All steps of the input.
pub(crate) struct Graph {
    outs: HashMap<Id<Function>, Vec<Rc<Out>>>,
    hops: HashMap<Named, Vec<Hop>>,
    /// How many steps may still be looked at.
    left: usize,
}

/// A loop: its steps, and the functions that it goes through.
pub(crate) struct Loop<'g> {
    pub(crate) steps: Vec<&'g Step>,
    pub(crate) functions: Vec<Id<Function>>,
    /// Keys of a bucket that are not known to be told of.
    pub(crate) open: Option<Doubt>,
}

/// Steps that a run looks at in all. Real inputs are far below: this bounds one that is made to be slow.
const MOST: usize = 2_000_000;

impl Graph {
    pub(crate) fn of(context: &Context<'_>) -> Self {
        let hops = reached::hops(context);
        Graph {
            outs: written::outs(context, &hops),
            hops,
            left: MOST,
        }
    }

    /// The steps from a function that may lead back to it.
    pub(crate) fn outs(&self, function: Id<Function>) -> Vec<Rc<Out>> {
        self.outs.get(&function).cloned().unwrap_or_default()
    }

    /// Whether all that was asked could be looked at.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.left == 0
    }

    /// The loops that begin with a step from a function and come back to it, one of each quality. A loop of
    /// several functions is found from the first of them.
    pub(crate) fn loops<'g>(&'g mut self, start: Id<Function>, out: &'g Out) -> Vec<Loop<'g>> {
        let mut search = Search {
            start,
            first: out,
            visits: Vec::new(),
            seen: HashSet::new(),
            queue: VecDeque::new(),
            found: Vec::new(),
        };
        search.visit(None, &out.to, &out.step, out.destination, None);
        let (outs, hops) = (&self.outs, &self.hops);
        while let Some(index) = search.queue.pop_front() {
            self.left = self.left.saturating_sub(1);
            if self.left == 0 {
                break;
            }
            search.go_on(index, outs, hops);
        }
        let found = std::mem::take(&mut search.found);
        found.into_iter().map(|index| search.path(index)).collect()
    }
}

/// A node as the search comes to it.
struct Visit<'g> {
    before: Option<usize>,
    node: &'g Node,
    step: &'g Step,
    asynchronous: bool,
    followed: bool,
    sure: bool,
    open: Option<Doubt>,
}

/// What tells two visits of a node apart.
type Quality = (bool, bool, bool);

struct Search<'g> {
    start: Id<Function>,
    first: &'g Out,
    visits: Vec<Visit<'g>>,
    seen: HashSet<(&'g Node, Quality)>,
    queue: VecDeque<usize>,
    found: Vec<usize>,
}

impl<'g> Search<'g> {
    fn visit(
        &mut self,
        before: Option<usize>,
        node: &'g Node,
        step: &'g Step,
        asynchronous: bool,
        open: Option<Doubt>,
    ) {
        let (followed, sure) = before
            .and_then(|index| self.visits.get(index))
            .map_or((true, true), |visit| (visit.followed, visit.sure));
        let followed = followed && step.followed;
        let sure = sure && step.doubt.is_none() && open.is_none();
        if self.seen.insert((node, (followed, sure, asynchronous))) {
            self.queue.push_back(self.visits.len());
            self.visits.push(Visit {
                before,
                node,
                step,
                asynchronous,
                followed,
                sure,
                open,
            });
        }
    }

    fn go_on(
        &mut self,
        index: usize,
        outs: &'g HashMap<Id<Function>, Vec<Rc<Out>>>,
        hops: &'g HashMap<Named, Vec<Hop>>,
    ) {
        let Some(visit) = self.visits.get(index) else { return };
        let asynchronous = visit.asynchronous;
        match visit.node {
            // What becomes of an asynchronous event comes of none that was not.
            Node::Function(function) if *function == self.start => {
                if asynchronous || !self.first.destination {
                    self.found.push(index);
                }
            }
            Node::Function(function) if *function < self.start => {}
            Node::Function(function) => {
                for out in outs.get(function).into_iter().flatten() {
                    if asynchronous || !out.destination {
                        self.visit(Some(index), &out.to, &out.step, out.destination, None);
                    }
                }
            }
            Node::Place(place, keys) => {
                for hop in hops.get(place).into_iter().flatten() {
                    let told = match (keys, &hop.keys) {
                        (Some(written), Some(told)) => overlap(written, told),
                        _ => Match::Yes,
                    };
                    let open = told.is_unknown().then(|| {
                        let texts = [keys.as_ref(), hop.keys.as_ref()];
                        let why = texts.into_iter().flatten().find_map(|text| text.why().cloned());
                        let words = "whether the bucket tells of what is written is not known".to_owned();
                        Doubt { words, why }
                    });
                    if !told.is_no() {
                        self.visit(Some(index), &hop.to, &hop.step, hop.asynchronous, open);
                    }
                }
            }
        }
    }

    fn path(&self, end: usize) -> Loop<'g> {
        let (mut steps, mut functions, mut open) = (Vec::new(), Vec::new(), None);
        let mut at = Some(end);
        while let Some(visit) = at.and_then(|index| self.visits.get(index)) {
            steps.push(visit.step);
            if let Node::Function(function) = visit.node {
                functions.push(*function);
            }
            open = visit.open.clone().or(open);
            at = visit.before;
        }
        steps.reverse();
        functions.reverse();
        Loop { steps, functions, open }
    }
}
