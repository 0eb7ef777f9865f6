//! Which phases move which weights: every recipe, phase by phase, to the bit.

use super::*;
use crate::recipe::{ALL, Trainer};

/// Digests of both players: weights and moments of G, then of D.
fn bits(duel: &Duel) -> [u64; 2] {
    [("g", &duel.pair.g), ("d", &duel.pair.d)].map(|(name, player)| {
        let mut state = State::default();
        player.save(name, &mut state).unwrap();
        // Running statistics of batch norms follow every training pass, as they
        // should.
        state.tensors.retain(|(name, _)| !name.contains("running"));
        state.digest().unwrap()
    })
}

#[test]
fn update_of_one_player_leaves_the_other_unchanged() {
    for recipe in ALL.iter().filter(|recipe| recipe.trainer == Trainer::Duel) {
        let narrow = [("batch", "4"), ("d_steps", "2"), ("g_hidden", "8"), ("d_hidden", "8")];
        let known = narrow.into_iter().filter(|(key, _)| recipe.knob(key).is_ok());
        let mut duel = Duel::new(&Config::new(recipe.id, 1, known).unwrap()).unwrap();
        let mut data = Dataset::drawn();
        let mut moves = Vec::new();
        loop {
            let (phase, before) = (duel.progress.phase, bits(&duel));
            let outcome = duel.advance(&mut data).unwrap();
            let after = bits(&duel);
            if before[0] != after[0] {
                moves.push((phase, "G"));
            }
            if before[1] != after[1] {
                moves.push((phase, "D"));
            }
            if outcome == StepOutcome::Done {
                break;
            }
        }
        let expected = [(Phase::DUpdate, "D"), (Phase::DUpdate, "D"), (Phase::GUpdate, "G")];
        assert_eq!(moves, expected, "{}", recipe.id);
    }
}
