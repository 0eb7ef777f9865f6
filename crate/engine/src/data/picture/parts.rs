//! The connected parts of a mask, and which of them form the digit.

/// One connected part.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) area: usize,
    pub(super) left: usize,
    pub(super) top: usize,
    /// The first column and row beyond it.
    pub(super) right: usize,
    pub(super) bottom: usize,
}

impl Part {
    fn longer(&self) -> usize {
        (self.right - self.left).max(self.bottom - self.top)
    }

    /// The gap between the bounding boxes of two parts.
    fn gap(&self, other: &Self) -> usize {
        let apart = |(a, b): (usize, usize), (c, d): (usize, usize)| {
            c.saturating_sub(b).max(a.saturating_sub(d))
        };
        let across = apart((self.left, self.right), (other.left, other.right));
        across.max(apart((self.top, self.bottom), (other.top, other.bottom)))
    }

    fn join(&mut self, other: &Self) {
        self.area += other.area;
        (self.left, self.top) = (self.left.min(other.left), self.top.min(other.top));
        (self.right, self.bottom) = (self.right.max(other.right), self.bottom.max(other.bottom));
    }
}

/// Parts smaller than this share of the longer side of the picture are specks.
const SPECK: f32 = 0.06;
/// Parts of a digit: at least this share of the area of the main part, and
/// within this share of the longer side of the digit.
const SHARE: f32 = 0.08;
const NEAR: f32 = 0.25;
/// A line crosses the complete picture and covers less than this share of it.
const THIN: f32 = 0.04;
/// A digit has at least this share of all ink; ink in many parts is a pattern,
/// or a page of text.
const MOST: f32 = 0.35;

/// The pixels of the mask that belong to the digit, and its area and bounding
/// box; `None` if no part stands out.
pub(super) fn digit(mask: &[bool], width: usize, height: usize) -> Option<(Vec<bool>, Part)> {
    let (numbers, parts) = parts(mask, width, height);
    let touches = |part: &Part| {
        part.left == 0 || part.top == 0 || part.right == width || part.bottom == height
    };
    let line = |part: &Part| {
        let through = |from: usize, to: usize, long: usize, other: usize| {
            (to - from) as f32 >= 0.95 * long as f32
                && (part.area as f32) < THIN * (long * other) as f32
        };
        touches(part)
            && (through(part.left, part.right, width, height)
                || through(part.top, part.bottom, height, width))
    };
    let kept: Vec<bool> = parts.iter().map(|part| !line(part)).collect();
    let largest = |within: &dyn Fn(&Part) -> bool| {
        let all = parts.iter().enumerate().filter(|(index, part)| kept[*index] && within(part));
        all.max_by_key(|(_, part)| part.area).map(|(index, _)| index)
    };
    // Desk, fingers and shadows touch the edge of the picture; a digit does
    // only if it was cropped closely.
    let inner = largest(&|part| !touches(part));
    let outer = largest(&touches);
    let longest = width.max(height) as f32;
    let main = match (inner, outer) {
        (Some(inner), Some(_)) if parts[inner].longer() as f32 >= SPECK * longest => inner,
        (_, Some(outer)) => outer,
        (inner, None) => inner?,
    };
    let at_edge = touches(&parts[main]);
    let mut whole = parts[main].clone();
    let mut chosen = vec![false; parts.len()];
    chosen[main] = true;
    let smallest = SHARE * whole.area as f32;
    loop {
        let near = NEAR * whole.longer() as f32;
        let next = parts.iter().enumerate().position(|(index, part)| {
            kept[index]
                && !chosen[index]
                && touches(part) <= at_edge
                && part.area as f32 >= smallest
                && whole.gap(part) as f32 <= near
        });
        let Some(next) = next else { break };
        chosen[next] = true;
        whole.join(&parts[next]);
    }
    let rivals = parts.iter().zip(&kept).filter(|(part, kept)| **kept && touches(part) <= at_edge);
    let all: usize = rivals.map(|(part, _)| part.area).sum();
    if (whole.area as f32) < MOST * all as f32 {
        return None;
    }
    let digit = numbers.iter().map(|&number| number > 0 && chosen[number as usize - 1]).collect();
    Some((digit, whole))
}

/// The number of the part of each pixel, from 1 (0: no part), and the parts.
fn parts(mask: &[bool], width: usize, height: usize) -> (Vec<u32>, Vec<Part>) {
    let mut numbers = vec![0u32; mask.len()];
    let mut parts = Vec::new();
    let mut waiting = Vec::new();
    for start in 0..mask.len() {
        if !mask[start] || numbers[start] > 0 {
            continue;
        }
        let number = parts.len() as u32 + 1;
        let mut part = Part { area: 0, left: width, top: height, right: 0, bottom: 0 };
        numbers[start] = number;
        waiting.push(start);
        while let Some(place) = waiting.pop() {
            let (x, y) = (place % width, place / width);
            part.join(&Part { area: 1, left: x, top: y, right: x + 1, bottom: y + 1 });
            for near_y in y.saturating_sub(1)..height.min(y + 2) {
                for near_x in x.saturating_sub(1)..width.min(x + 2) {
                    let near = near_y * width + near_x;
                    if mask[near] && numbers[near] == 0 {
                        numbers[near] = number;
                        waiting.push(near);
                    }
                }
            }
        }
        parts.push(part);
    }
    (numbers, parts)
}
