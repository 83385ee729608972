//! Who runs where: what is measured has one core, client and server another, whichever of them is measured.
//!
//! Left to the scheduler, two of the three share a core by chance, and the round trip of one program can't be compared
//! with another's. What a process starts inherits its cores (`sched_setaffinity(2)`).

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Which of two cores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Core {
    /// What is measured.
    Measured,
    /// Client and server.
    Others,
}

impl Core {
    /// What `start` starts stays on this core. On a machine with a single one nothing changes.
    pub(super) fn run<T>(self, start: impl FnOnce() -> T) -> T {
        let (Ok(all), Some(one)) = (sched_getaffinity(None), self.find()) else { return start() };
        let pinned = sched_setaffinity(None, &one).is_ok();
        let result = start();
        if pinned {
            // They were ours a moment ago.
            let _ = sched_setaffinity(None, &all);
        }
        result
    }

    /// Whether this machine has a core for each.
    pub(super) fn is_apart() -> bool {
        Self::Measured.find().is_some()
    }

    fn find(self) -> Option<CpuSet> {
        let all = sched_getaffinity(None).ok()?;
        let mut cores = (0..CpuSet::MAX_CPU).filter(|&core| all.is_set(core));
        let (others, measured) = (cores.next()?, cores.next()?);
        let mut one = CpuSet::new();
        one.set(if self == Self::Measured { measured } else { others });
        Some(one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_core_of_its_own_for_as_long_as_asked() {
        let allowed = || sched_getaffinity(None).unwrap().count();
        let before = allowed();
        let during = Core::Measured.run(allowed);
        assert_eq!(during, if Core::is_apart() { 1 } else { before });
        assert_ne!(Core::Measured.find(), Core::Others.find().filter(|_| Core::is_apart()));
        assert_eq!(allowed(), before);
    }
}
