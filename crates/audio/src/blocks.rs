//! Between blocks of any length and frames of 480 samples.

use crate::{FRAME, Refusal, SAMPLE_RATE};

/// Collects blocks into frames and gives as much out as comes in, as little later as can be.
///
/// ```
/// use jackfield_audio::Blocks;
///
/// assert_eq!(Blocks::new(128)?.delay(), 448); // an AudioWorklet's: 9.3 ms
/// assert_eq!(Blocks::new(480)?.delay(), 0);
/// # Ok::<(), jackfield_audio::Refusal>(())
/// ```
#[derive(Debug, Clone)]
pub struct Blocks {
    delay: usize,
    /// The frame that is being filled.
    frame: [f32; FRAME],
    filled: usize,
    /// What is to go out, from `next` on.
    ready: Vec<f32>,
    next: usize,
}

impl Blocks {
    /// For blocks of so many samples each.
    ///
    /// # Errors
    /// [`Refusal::BlockLength`] for 0, and for more than a second.
    pub fn new(block: usize) -> Result<Self, Refusal> {
        if block == 0 || block > SAMPLE_RATE as usize {
            return Err(Refusal::BlockLength(block));
        }
        // After any number of blocks, the samples of an incomplete frame are a multiple of the common divisor below 480. So much
        // silence goes ahead, and then there is always enough: one sample less, and some block would find too few.
        let delay = FRAME - common_divisor(block, FRAME);
        let mut ready = Vec::with_capacity(delay + FRAME + block);
        ready.resize(delay, 0.0);
        Ok(Self { delay, frame: [0.0; FRAME], filled: 0, ready, next: 0 })
    }

    /// How many samples later a sample comes out, apart from what is done to its frame.
    pub fn delay(&self) -> usize {
        self.delay
    }

    /// Puts samples that are ready in the place of these, and has `process` done to each frame that they complete.
    ///
    /// A block of another length than was agreed is taken as well; where that leaves too few samples ready, the block begins
    /// with silence, and the delay is so much longer from then on.
    pub fn pass(&mut self, block: &mut [f32], mut process: impl FnMut(&mut [f32; FRAME])) {
        let mut rest = &block[..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(FRAME - self.filled));
            self.frame[self.filled..self.filled + now.len()].copy_from_slice(now);
            self.filled += now.len();
            rest = later;
            if self.filled == FRAME {
                process(&mut self.frame);
                self.ready.extend_from_slice(&self.frame);
                self.filled = 0;
            }
        }
        self.give(block);
    }

    fn give(&mut self, block: &mut [f32]) {
        let there = block.len().min(self.ready.len() - self.next);
        let (late, given) = block.split_at_mut(block.len() - there);
        late.fill(0.0);
        self.delay += late.len();
        given.copy_from_slice(&self.ready[self.next..self.next + there]);
        self.next += there;
        // Moved only when a frame was given: at most 448 samples, once in 10 ms.
        if self.next >= FRAME {
            self.ready.drain(..self.next);
            self.next = 0;
        }
    }
}

/// Euclid's.
fn common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers samples from 1 and returns how much later they come out, which has to be the same for all.
    fn measured_delay(blocks: &mut Blocks, block: usize, times: usize) -> usize {
        let (mut sent, mut got) = (0, 0);
        let mut delay = 0;
        for _ in 0..times {
            let mut samples: Vec<f32> = (0..block).map(|i| (sent + i + 1) as f32).collect();
            sent += block;
            blocks.pass(&mut samples, |_| {});
            for sample in samples {
                got += 1;
                if sample == 1.0 {
                    delay = got - 1;
                }
                let expected = if delay == 0 && sample == 0.0 { 0 } else { got - delay };
                assert_eq!(sample as usize, expected);
            }
        }
        delay
    }

    #[test]
    fn every_sample_comes_out_in_order_after_the_least_delay() {
        for (block, delay) in
            [(128, 448), (256, 448), (480, 0), (960, 0), (1, 479), (441, 477), (96, 384), (1_000, 440)]
        {
            let mut blocks = Blocks::new(block).unwrap();
            assert_eq!(blocks.delay(), delay);
            assert_eq!(measured_delay(&mut blocks, block, 20_000 / block), delay, "{block}");
            assert_eq!(blocks.delay(), delay, "{block}: no block came up short");
        }
    }

    #[test]
    fn less_delay_would_leave_a_block_short() {
        let mut blocks = Blocks::new(128).unwrap();
        blocks.ready.pop();
        (0..15).for_each(|_| blocks.pass(&mut [0.5; 128], |_| {}));
        assert_eq!(blocks.delay(), 449);
    }

    #[test]
    fn a_block_of_another_length_costs_time_and_loses_nothing() {
        let mut blocks = Blocks::new(480).unwrap();
        let mut short = [1.0; 100];
        blocks.pass(&mut short, |_| {});
        assert_eq!(short, [0.0; 100]);
        assert_eq!(blocks.delay(), 100);
        let mut next: Vec<f32> = vec![2.0; 480];
        blocks.pass(&mut next, |_| {});
        assert_eq!((next[0], next[99], next[100]), (1.0, 1.0, 2.0));
    }

    #[test]
    fn lengths_that_make_no_sense_are_refused() {
        for block in [0, 48_001] {
            assert_eq!(Blocks::new(block).err(), Some(Refusal::BlockLength(block)));
        }
    }
}
