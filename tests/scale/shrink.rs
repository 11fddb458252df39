//! The shortest part of a plan that still fails: delta debugging (Zeller and Hildebrandt, 2002).

/// How often a shorter plan is tried at most: each try is a run.
const TRIES: usize = 400;

/// Leaves out steps as long as what is left fails.
pub(crate) fn shortest<T: Clone>(steps: &[T], fails: &mut impl FnMut(&[T]) -> bool) -> Vec<T> {
    let mut kept = steps.to_vec();
    let (mut parts, mut tries) = (2, 0);
    while kept.len() > 1 && tries < TRIES {
        let size = kept.len().div_ceil(parts);
        let shorter = (0..kept.len()).step_by(size).find_map(|from| {
            tries += 1;
            let rest: Vec<T> =
                kept[..from].iter().chain(&kept[(from + size).min(kept.len())..]).cloned().collect();
            fails(&rest).then_some(rest)
        });
        match shorter {
            Some(rest) => {
                kept = rest;
                parts = parts.saturating_sub(1).max(2);
            }
            None if size == 1 => break,
            None => parts = (parts * 2).min(kept.len()),
        }
    }
    kept
}

#[test]
fn leaves_what_it_takes_to_fail_and_nothing_else() {
    let steps: Vec<u32> = (0..1_000).collect();
    let mut runs = 0;
    let found = shortest(&steps, &mut |steps| {
        runs += 1;
        [17, 400, 401].iter().all(|needed| steps.contains(needed))
    });
    assert_eq!(found, [17, 400, 401]);
    assert!(runs <= TRIES, "{runs}");
}
