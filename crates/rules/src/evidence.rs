//! How good the evidence is, stated honestly (protocol 3.4). The notes themselves are words of the catalogue.

use crate::codes;
use crate::sources::{
    ACP_2017, BLACKPOOL, COCHRANE_ACTIVE, COCHRANE_HEAT_COLD, COLD_LEAFLET, Citation, G_CARE, GARRA_2010,
    HEAT_LEAFLET, HOME_CARE, NADLER_2002, NG59, NHS_INFORM, NHS_SELF_CARE, NO_COLD, NO_HEAT, OWN, SEED,
    SHERWOOD,
};

codes! {
    /// A note on the evidence behind a rule.
    Evidence {
        /// Warning signs.
        RedFlags = "red_flags",
        /// Safety of the skin.
        SkinSafety = "skin_safety",
        /// Ice first.
        IceFirst = "ice_first",
        /// Heat.
        Heat = "heat",
        /// 20 on, 20 off.
        Rhythm = "rhythm",
        /// Rest, and not too much of it.
        StayActive = "stay_active",
        /// Stretches.
        Stretches = "stretches",
        /// When to see somebody.
        NotBetter = "not_better",
        /// What the guide does not speak of.
        Scope = "scope",
        /// A default of this project.
        Derived = "derived",
    }
}

impl Evidence {
    /// What the note is about.
    pub const fn title(self) -> &'static str {
        match self {
            Self::RedFlags => "warning signs",
            Self::SkinSafety => "safety of the skin",
            Self::IceFirst => "ice first",
            Self::Heat => "heat",
            Self::Rhythm => "20 on, 20 off",
            Self::StayActive => "rest",
            Self::Stretches => "stretches",
            Self::NotBetter => "not getting better",
            Self::Scope => "out of scope",
            Self::Derived => "own default",
        }
    }

    /// What the note rests on.
    pub const fn sources(self) -> &'static [Citation] {
        match self {
            Self::RedFlags => const { &[G_CARE.whole(), NHS_INFORM.whole()] },
            Self::SkinSafety => const { &[NO_COLD.whole(), NO_HEAT.whole(), HEAT_LEAFLET.whole()] },
            Self::IceFirst => {
                const {
                    &[
                        SEED.at("p5b"),
                        COCHRANE_HEAT_COLD.whole(),
                        ACP_2017.whole(),
                        GARRA_2010.whole(),
                        NADLER_2002.whole(),
                        NHS_SELF_CARE.whole(),
                    ]
                }
            }
            Self::Heat => const { &[SEED.at("p6"), COCHRANE_HEAT_COLD.whole(), ACP_2017.whole()] },
            Self::Rhythm => {
                const {
                    &[
                        SEED.at("p5b"),
                        COLD_LEAFLET.whole(),
                        SHERWOOD.whole(),
                        BLACKPOOL.whole(),
                        HOME_CARE.whole(),
                    ]
                }
            }
            Self::StayActive => const { &[COCHRANE_ACTIVE.whole(), SEED.at("p3")] },
            Self::Stretches => const { &[SEED.at("p7"), OWN.whole()] },
            Self::NotBetter => const { &[NHS_INFORM.whole(), OWN.whole()] },
            Self::Scope => const { &[SEED.at("c7, c13, c15"), NG59.at("1.1.4")] },
            Self::Derived => const { &[OWN.whole()] },
        }
    }
}
