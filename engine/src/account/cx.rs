//! What an account works with for a moment: lent by the engine.

use crate::demand::Demand;
use crate::link::LinkIds;
use crate::output::Output;
use crate::report::Report;
use crate::store::Tx;
use postern_protocol::Time;
use std::collections::VecDeque;

/// All of it.
#[derive(Debug)]
pub(crate) struct Cx<'c, 's> {
    pub(crate) now: Time,
    /// As of the last thing that the views emitted.
    pub(crate) demand: &'c Demand,
    pub(crate) tx: &'c mut Tx<'s>,
    pub(crate) reports: &'c mut Vec<Report>,
    pub(crate) outputs: &'c mut VecDeque<Output>,
    pub(crate) links: &'c mut LinkIds,
}

impl Cx<'_, '_> {
    pub(crate) fn report(&mut self, report: Report) {
        self.reports.push(report);
    }

    pub(crate) fn output(&mut self, output: Output) {
        self.outputs.push_back(output);
    }
}
