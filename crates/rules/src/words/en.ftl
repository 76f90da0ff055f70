### English. The words of the rule pack: what a person with back pain reads.
###
### Say "you". One instruction first. Every sentence under 20 words. No product, no dose, no claim beyond the source.
### { $what }, { $until } and the other placeables are filled in by the program; keep every one of them.

language = English
review = No clinician has reviewed these words.
disclaimer = This is a self-care guide, not a medical device. It does not replace a clinician. In an emergency, call { $emergency_number }.

## Telephone numbers and times

emergency-number-unknown = your local emergency number
urgent-line = your doctor or { $number }
urgent-line-unknown = your doctor or your local health line

clock-today = { $time }
clock-tomorrow = { $time } tomorrow
clock-date = { $time } on { $day } { $month }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## Titles: the action in a few words

title-seek_emergency_care = Get emergency help now
title-see_clinician_urgent = Get checked today
title-see_clinician = See a clinician
title-remove_ice = Take the ice off
title-remove_heat = Take the heat off
title-remove_both = Take both off
title-continue_ice = Keep the ice on
title-continue_heat = Keep the heat on
title-apply_ice = Put ice on
title-apply_heat = Put heat on
title-wait = Give your skin a break
title-light_stretches = Begin light stretches
title-rest = Rest
title-check_in = Tell us how it is now
title-none = Nothing to do now

## What happens with what is on, beside another instruction

also-remove_ice = Take the ice off.
also-remove_heat = Take the heat off.
also-remove_both = Take the ice and the heat off.
also-continue_ice = You can leave the ice on until its 20 minutes are over.
also-continue_heat = You can leave the heat on until its 20 minutes are over.

## The weekly questions for somebody whose back pain comes back

peg-title = How was the past week?
peg-body = Answer three questions about the past week: your pain, your enjoyment of life and what you could do.

## Questions

ask-red_flags = Do you have any of the warning signs?
ask-cold_contraindications = Do you have Raynaud's, poor circulation, numb or broken skin, or a past reaction to cold?
ask-heat_contraindications = Are you pregnant, on a blood thinner, or do you have numb, infected or broken skin?
ask-pain_score = How bad is the pain, from 0 to 10?
ask-inflammation = Is it swollen or hot?
ask-barrier_used = Is there a cloth between it and your skin?
ask-skin = How does the skin look and feel there?
ask-achy_between_episodes = Does your back ache between spasms?
ask-application_ended = Is the ice or heat off, and when did you take it off?
ask-episode_over = Is this episode over?
ask-new_episode = Is this a new spasm? If it is, start an episode.
ask-inflammatory_pattern = Does your back pain wake you at night and ease when you move?

## Precautions and advice

say-barrier = Never put it straight on the skin: wrap it in a cloth.
say-max_20_min = No longer than 20 minutes. Less is fine.
say-rest = Rest in a comfortable position until the pain eases. You do not need strict bed rest.
    .long = You have been resting for more than two days. Start to move gently, as far as is comfortable.
say-do_not_fall_asleep = Do not fall asleep with it on.
say-check_skin = Look at the skin before and after. Take it off if it hurts, burns or goes numb.
say-cover = Keep a cover between the heat and your skin.
say-explain_evidence = Heat this early is outside the guide. It has not been shown to do harm.
say-suggest_clinician = Ask a clinician to look at this. It need not be today.
say-ask_clinician_or_pharmacist = Ask a clinician or a pharmacist first.
say-follow_clinician_advice = If a clinician has advised you, follow that advice.
say-ask_midwife_or_gp = Ask your midwife or GP first, because you are pregnant.
say-ask_clinician_stenosis = The guide does not say what suits stenosis. Ask your clinician.
say-muscle_balance_assessment = A physiotherapist can assess the balance of your muscles. That suits spasms that return with an ache between.
say-nsaid_option = An anti-inflammatory is an option if you can normally take one. Ask a pharmacist and follow the packet: the lowest dose, for the shortest time. Never take two kinds together. Stop and ask after 10 days, or if the pain gets worse.
say-cream_option = A pain-relief cream may help. Do not use it on broken skin, with heat or under a tight bandage.
say-avoid_aggravating = Avoid what makes it worse.
say-probably_a_strain = A one-time spasm is most often a strained muscle.
say-prevention = Between spasms, regular gentle movement and strengthening may help prevent the next one.
say-over_the_limit = This is sooner than the guide suggests. Keep it short and check your skin.
say-entered_by_mistake = Ticked by mistake? Delete that entry. Once you have been seen, record the review.
say-allergic_reaction_signs = For trouble breathing, a swollen face or throat, or feeling faint: call { $emergency_number }.

## Warnings about the entries

warning-future_fact_ignored = An entry with a time in the future was left out.
warning-bad_interval_ignored = An entry that ends before it starts was left out.
warning-time_zone_unknown = Your time zone is not known. Times may be wrong until you set it.
warning-open_application_assumed_ended = Ice or heat without an end was taken as over. Add when you took it off.

## Step 1: emergencies

part-call-now = Call { $emergency_number } or go to an emergency department now. Do not wait to see if it settles.
part-nerves = This can mean pressure on the nerves at the base of the spine.

R-EM-saddle_numbness =
    .instruction = { part-call-now }
    .reason = You reported numbness between the legs or in the buttocks. { part-nerves }
R-EM-bladder_change =
    .instruction = { part-call-now }
    .reason = You reported a change in passing or feeling urine. { part-nerves }
R-EM-bowel_change =
    .instruction = { part-call-now }
    .reason = You reported a change in control or feeling of the bowel. { part-nerves }
R-EM-sexual_dysfunction =
    .instruction = { part-call-now }
    .reason = You reported a loss of sexual function or feeling. { part-nerves }
R-EM-both_legs_symptoms =
    .instruction = { part-call-now }
    .reason = You reported pain, tingling, weakness or numbness in both legs. { part-nerves }
R-EM-leg_weakness_progressive =
    .instruction = { part-call-now }
    .reason = You reported severe or growing weakness in a leg. { part-nerves }
R-EM-major_trauma =
    .instruction = Call { $emergency_number } now. Move as little as you can until help comes.
    .reason = After a serious accident, the spine may be injured.
R-EM-chest_pain =
    .instruction = Call { $emergency_number } now. Do not wait to see if it settles.
    .reason = Chest pain can come from the heart or the lungs.
R-EM-aneurysm_signs =
    .instruction = Call { $emergency_number } now. Do not wait to see if it settles.
    .reason = Sudden severe pain with faintness or clammy skin can be a burst blood vessel.
R-EM-severe_allergic_reaction =
    .instruction = Call { $emergency_number } now. Do not wait to see if it settles.
    .reason = These are signs of a severe allergic reaction.
R-EM-fever_with_infection_risk =
    .instruction = { part-call-now }
    .reason = Fever with your risk of an infection of the spine needs to be seen now.
R-EM-fragility_trauma =
    .instruction = { part-call-now } Move as little as you can until you are seen.
    .reason = With fragile bones, even a small fall or strain can break one.

## Step 2: to be seen today

part-seen-today = Call { $urgent_line } today and ask to be seen.
part-then-record = Once a clinician has looked at it, record the review.

R-UR-fever =
    .instruction = { part-seen-today }
    .reason = Back pain with fever or feeling unwell should be checked today.
R-UR-unexplained_weight_loss =
    .instruction = { part-seen-today }
    .reason = Back pain with weight loss that you cannot explain should be checked today.
R-UR-night_pain_unrelieved =
    .instruction = { part-seen-today }
    .reason = Back pain at night, or pain that rest does not ease, should be checked today.
R-UR-upper_back_pain =
    .instruction = { part-seen-today }
    .reason = Pain between the shoulder blades should be checked today.
R-UR-lump_or_deformity =
    .instruction = { part-seen-today }
    .reason = A lump, swelling or changed shape of the back should be checked today.
R-UR-recent_infection =
    .instruction = { part-seen-today }
    .reason = Back pain after a recent infection should be checked today.
R-UR-worse_on_cough =
    .instruction = { part-seen-today }
    .reason = Pain that gets worse when you cough, sneeze or strain should be checked today.
R-UR-cancer_history =
    .instruction = { part-seen-today } { part-then-record }
    .reason = Because you told us about cancer, new back pain should be checked today.
R-UR-iv_drug_use =
    .instruction = { part-seen-today } { part-then-record }
    .reason = Because you told us you inject drugs, new back pain should be checked today.
R-UR-immune_suppressed =
    .instruction = { part-seen-today } { part-then-record }
    .reason = Because you told us about a weak immune system, new back pain should be checked today.
R-UR-skin_injury =
    .instruction = Call { $urgent_line } today and have your skin looked at. Keep it uncovered. Put no ice and no heat on it.
    .reason = This may be an ice burn or a burn.

## Step 3: take it off

part-if-already-off = If it is already off, record when.

X-BOTH =
    .instruction = Take both off. You can start again in 20 minutes. { part-if-already-off }
    .instruction-plain = Take both off. { part-if-already-off }
    .reason = With ice and heat together, your skin cannot warn you.
X-BARRIER =
    .instruction = Take it off and check the skin. Next time put a cloth between, after 20 minutes off.
    .instruction-plain = Take it off and check the skin.
    .reason = Straight on the skin, it can burn.
X-CONTRA-ICE =
    .instruction = Take the ice off now. { part-if-already-off }
    .reason = Ice isn't safe with { $what }.
X-CONTRA-HEAT =
    .instruction = Take the heat off now. { part-if-already-off }
    .reason = Heat isn't safe with { $what }.
    .reason-pregnant = Ask your midwife or GP before using heat.
X-SKIN =
    .instruction = Take it off and let the skin recover. Record when it looks and feels normal again.
    .reason = Your skin cannot warn you now.
X-SLEEP =
    .instruction = Take it off before you sleep. If you are awake, record when you woke.
    .reason = Asleep, you would not feel a burn.
X-20MIN =
    .instruction = Take it off, and leave it off for 20 minutes. { part-if-already-off }
    .reason = It has been on for 20 minutes, the longest at a time.
X-PAIN-UP =
    .instruction = Take it off and rest in a comfortable position.
    .reason = Your pain went up while it was on.
X-RISE-HEAT =
    .instruction = Take the heat off and rest.
    .reason = Your pain has risen.
X-SWITCH =
    .instruction = Take it off. Leave your skin free for 20 minutes.
    .reason = Skin that is still numb or warm cannot feel a burn.
X-HEAT-EARLY =
    .instruction = Take the heat off. After 20 minutes you can use ice, wrapped in a cloth.
    .instruction-plain = Take the heat off.
    .reason = The guide this log follows uses ice first, for 48 to 72 hours. Heat this early has not been shown to do harm.
X-HEAT-INFLAMED =
    .instruction = Take the heat off.
    .reason = It is still swollen or hot: no heat yet.

## Step 4: not for the guide

O-AGE16 =
    .instruction = Ask a clinician before you go on. { part-then-record }
    .reason = This guide is for people of 16 and over.
part-ask-clinician = Ask a clinician or a physiotherapist. { part-then-record }
part-not-said = The guide does not say whether ice or heat suits pain in { $what }. So this log will not guess.
O-LEG =
    .instruction = { part-ask-clinician }
    .reason = { part-not-said }
O-BACK_AND_LEG =
    .instruction = { part-ask-clinician }
    .reason = { part-not-said }
O-FRONT_THIGH =
    .instruction = { part-ask-clinician }
    .reason = { part-not-said }

## Step 5: no episode, or over

E-ENDED =
    .instruction = This episode is closed. There is nothing to do.
    .reason = You recorded that it is over.
E-NONE =
    .instruction = Nothing to do now.
    .reason = You have no open episode.

## Steps 6 and 7: over, not better, or not known

part-have-checked = Arrange to have your back checked.
part-next-days = Arrange to have your back checked in the next few days. If a warning sign appears, record it at once.

T-OVER =
    .instruction = Tell us how it is now. If it is over, end the episode.
    .reason = Your last entry is from { $last_entry }.
F-42D =
    .instruction = { part-have-checked }
    .reason = It has been six weeks.
F-14D =
    .instruction = { part-have-checked }
    .reason = It has been two weeks, and it is not better.
F-INFLAMMATORY =
    .instruction = Arrange a routine appointment with a clinician.
    .reason = Back pain like yours can come from inflammation.
F-WORSE =
    .instruction = { part-next-days }
    .reason = Your pain has been getting worse.
F-SEVERE =
    .instruction = { part-next-days }
    .reason = Your pain is not easing.
T-STALE =
    .instruction = Tell us how the pain is now. Is it swollen or hot? Is there any warning sign?
    .reason = It has been a while since your last entry.
T-SCREEN =
    .instruction = Answer the questions about warning signs first.
    .reason = A few signs need a doctor rather than self-care.

## Step 8: it goes on

C-ICE =
    .instruction = Keep it on until { $until }, with a cloth between, and stay awake.
    .reason = The guide allows up to 20 minutes at a time.
C-HEAT =
    .instruction = Keep it on until { $until }, with a cover between, and stay awake.
    .reason = The guide allows up to 20 minutes at a time.
D-SLEEP =
    .instruction = Sleep. Do not wake up for ice or heat. If you are awake, record when you woke.
    .reason = Nothing stays on the skin during sleep.

## Step 9: a clinician's advice, or stretches

O-REVIEWED =
    .instruction = Follow what your clinician told you. Rest in a comfortable position.
    .reason = A clinician has looked at this, and the guide does not speak of it.
S-STRETCH =
    .instruction = Begin light stretches, slowly, and only as far as is comfortable.
    .reason = Pain and swelling have settled.

## Step 10: barred

part-rest-instead = Rest in a comfortable position and move gently when you can. Ask a pharmacist or a clinician what suits you.

D-NO-ICE =
    .instruction = { part-rest-instead }
    .reason = Ice isn't safe with { $what }.
D-NO-HEAT =
    .instruction = { part-rest-instead }
    .reason = Heat isn't safe with { $what }.
    .reason-pregnant = Ask your midwife or GP before using heat.

## Step 10: wait

W-SKIN =
    .instruction = Wait until the skin looks and feels normal, and record that.
    .reason = Your skin has not recovered from the last time.
W-20OFF =
    .instruction = Leave your skin free until { $until }.
    .reason = Skin needs 20 minutes off after ice or heat.
W-SET =
    .instruction = Leave the ice off until { $until }. Rest in a comfortable position.
    .reason = Give your skin a two-hour break.
W-DAY =
    .instruction = Leave the ice off until { $until }. Rest in a comfortable position.
    .reason = You have had the most ice that this guide advises in 24 hours.
W-HEATGAP =
    .instruction = Leave the heat off until { $until }.
    .reason = Give your skin a two-hour break.
W-HEATDAY =
    .instruction = Leave the heat off until { $until }.
    .reason = You have had heat three times in 24 hours, the most this guide advises.
W-TOPICAL =
    .instruction = Leave the heat off until { $until }.
    .reason = Heat over a muscle rub can burn.

## Step 10: ice or heat

part-ice-on = Put ice on for up to 20 minutes, wrapped in a cloth.
part-heat-on = Put heat on for up to 20 minutes, with a cover between.

S-ICE-48 =
    .instruction = { part-ice-on } Lie down and rest meanwhile.
    .reason = In the first 48 hours after a spasm, the guide uses ice.
S-ICE-4872 =
    .instruction = { part-ice-on } Tell us whether it is still swollen or hot.
    .reason = You are still in the guide's time for ice.
D-RISE-ICE =
    .instruction = { part-ice-on }
    .reason = Your pain has risen, so go back to ice.
D-HEAT-4872 =
    .instruction = { part-heat-on }
    .reason = It has been more than 48 hours and swelling is down, so you may change to heat.
S-HEAT-72 =
    .instruction = { part-heat-on }
    .reason = It has been more than 72 hours, and swelling is down.
D-HEAT-72-UNKNOWN =
    .instruction = If it is no longer swollen or hot, put heat on, with a cover between. Take it off after 20 minutes.
    .reason = It has been more than 72 hours. The guide uses heat once swelling is down.
D-ICE-72-INFLAMED =
    .instruction = { part-ice-on } Ask a clinician or a pharmacist about it.
    .reason = It is still swollen or hot after three days, so stay with ice.

## Step 11: rest

D-RISE-REST =
    .instruction = Rest in a comfortable position, and check the warning signs. Leave heat and stretches for now.
    .reason = Your pain has risen.

## What an instruction is about

location-back = your back
location-leg = your leg
location-back_and_leg = your back and leg
location-front_thigh = the front of your thigh
what-rub = a muscle rub on the skin
what-hives = hives
what-hives_after_ice = hives after ice
what-hives_after_heat = hives after heat

## Conditions, as in "isn't safe with"

condition-cancer_history = cancer, now or in the past
condition-iv_drug_use = injecting drugs
condition-immune_suppressed = a weak immune system
condition-osteoporosis = osteoporosis
condition-long_term_steroids = steroids taken for a long time
condition-cold_urticaria = hives from cold
condition-raynaud = Raynaud's
condition-cryoglobulinaemia = cryoglobulinaemia
condition-cold_haemoglobinuria = paroxysmal cold haemoglobinuria
condition-cold_reaction_before = an earlier reaction to cold
condition-impaired_sensation = numb skin
condition-poor_circulation = poor circulation
condition-open_wound_at_site = an open wound there
condition-skin_infection_at_site = a skin infection there
condition-bleeding_disorder = a bleeding disorder
condition-anticoagulant = a blood thinner
condition-dvt = deep-vein thrombosis
condition-cancer_at_site = cancer there
condition-heat_reaction_before = an earlier reaction to heat
condition-pregnant = pregnancy
condition-stomach_ulcer = a stomach ulcer
condition-gi_bleed = an earlier bleed of the stomach or bowel
condition-kidney_disease = kidney disease
condition-liver_disease = liver disease
condition-heart_failure = heart failure
condition-heart_disease = heart disease
condition-stroke = an earlier stroke
condition-high_blood_pressure_uncontrolled = high blood pressure that is not controlled
condition-asthma_nsaid_sensitive = asthma set off by anti-inflammatories
condition-nsaid_allergy = an allergy to anti-inflammatories
condition-nsaid_intolerant = anti-inflammatories that you do not tolerate
condition-taking_other_nsaid = another anti-inflammatory
condition-lumbar_stenosis = lumbar stenosis
condition-diabetes = diabetes

## Warning signs: what they are called, what to ask, and examples

symptom-saddle_numbness = numbness or tingling around the genitals or buttocks
    .question = Is there numbness or tingling between your legs or in your buttocks?
    .examples = The skin feels different when you wipe. Toilet paper feels strange. Sitting feels like sitting on cotton wool.
symptom-bladder_change = a change in passing or feeling urine
    .question = Has anything changed when you pass urine?
    .examples = You do not know when your bladder is full or empty. You cannot feel the urine pass. You have to try harder or longer. You leak, or need pads.
symptom-bowel_change = a change in control or feeling of the bowel
    .question = Has anything changed when you open your bowels?
    .examples = You do not feel a bowel motion. You leak or cannot hold it. You do not feel when you need to go.
symptom-sexual_dysfunction = a loss of sexual function or feeling
    .question = Have you lost feeling in your genitals, or during sex?
    .examples = The genitals feel numb. Sex feels different, or not at all. Erection or orgasm is newly missing.
symptom-both_legs_symptoms = pain, tingling, weakness or numbness in both legs
    .question = Do you have pain, tingling, weakness or numbness in both legs?
    .examples = Pain shoots down both legs. Both legs tingle or feel weak. It moves from one leg to the other.
symptom-leg_weakness_progressive = severe or growing weakness in a leg
    .question = Is a leg very weak, or getting weaker?
    .examples = A foot drags or drops. You cannot stand on your toes or heels. The leg gives way.
symptom-major_trauma = a serious accident
    .question = Did it begin with a serious accident?
    .examples = A fall from a height. A road accident. A heavy blow to the back.
symptom-chest_pain = chest pain
    .question = Do you have pain or pressure in your chest?
    .examples = It is tight, heavy or squeezing. It spreads to an arm, the jaw or the back. You are short of breath.
symptom-aneurysm_signs = sudden severe pain in the tummy or back, with faintness or clammy skin
    .question = Did severe pain in your tummy or back come suddenly, with faintness or clammy skin?
    .examples = You fainted or feel dizzy. Your skin is sweaty, pale and clammy. You feel a beat in your tummy.
symptom-severe_allergic_reaction = trouble breathing, a swollen face or throat, or faintness with hives
    .question = Do you have trouble breathing, a swollen face, lips or throat, or hives with faintness?
    .examples = Your lips or tongue swell. Your throat feels tight. You wheeze. You have hives and feel faint.
symptom-fever = fever or feeling unwell
    .question = Do you have a fever, or do you feel generally unwell?
    .examples = You are hot and shivery. You have night sweats.
symptom-unexplained_weight_loss = weight loss without a reason
    .question = Have you lost weight without trying?
    .examples = Clothes have become loose. You eat as usual.
symptom-night_pain_unrelieved = pain at night, or pain that rest does not ease
    .question = Is there pain at night, or pain that does not ease when you rest?
    .examples = It wakes you and keeps you awake. No position helps.
symptom-upper_back_pain = pain between the shoulder blades
    .question = Is the pain at the top of your back, between the shoulder blades?
    .examples = It is higher than the lower ribs.
symptom-lump_or_deformity = a lump, swelling or changed shape
    .question = Is there a lump or swelling, or has your back changed shape?
    .examples = A new bump. A new curve. One side looks different.
symptom-recent_infection = a recent infection
    .question = Have you had an infection in the last few weeks?
    .examples = A chest, skin or urine infection. An infected wound or tooth.
symptom-worse_on_cough = pain that gets worse on coughing, sneezing or straining
    .question = Does it get worse when you cough, sneeze or strain?
    .examples = Also on the toilet, or when you laugh.
symptom-minor_trauma = a small fall or strain
    .question = Did it begin with a small fall or strain?
    .examples = A stumble. A slip. Lifting something light.
symptom-recent_spinal_procedure = a recent procedure on the spine
    .question = Have you had an injection or operation on your spine in the last three months?
    .examples = An epidural. A spinal tap. Back surgery.
symptom-inflammatory_pattern = a pattern of inflammatory back pain
    .question = Did it begin before 45, last over 3 months, and are four or more of these true?
    .examples = It began before 35. It wakes you late at night. Your buttocks hurt. It eases when you move. It eases within 48 hours of an anti-inflammatory. A close relative has spondyloarthritis. You have arthritis. Your heels or tendons hurt. You have psoriasis.

## How good the evidence is

evidence-red_flags = Health services list these warning signs. A list cannot see everything. If something feels very wrong, get help.
evidence-skin_safety = This is safety advice from hospital leaflets and published lists of contraindications.
evidence-ice_first = Ice first, and heat after 48 to 72 hours, is the source page's rule and common first aid. It is not the result of a trial. Reviews found too little evidence on cold, and no sure difference between heat and cold. The current NHS page has no 72-hour rule. Earlier heat is outside this guide. It has not been shown to do harm.
evidence-heat = A review of nine trials found that a heat wrap gives a small relief for a short time. A guideline of 2017 names superficial heat, with evidence of moderate quality. When to begin with it is the source page's rule, not the result of a trial.
evidence-rhythm = 20 minutes on and 20 off is the source page's rule of thumb. Hospital leaflets say 10 to 20 minutes every two to three hours. So this guide adds a pause between sets and a limit a day.
evidence-stay_active = Staying active is slightly better than bed rest, by a review of 2010. It fits the source page's advice against strict bed rest.
evidence-stretches = Light stretches after pain and inflammation have settled are the source page's advice. The numbers that say "settled" are this project's own. No clinician has reviewed them.
evidence-not_better = Health services advise a check when back pain lasts for weeks or gets worse. The exact numbers differ between them. Some are this project's own.
evidence-scope = The source page was asked about this and gave no answer. No routine scan is advised without a clinician's judgement.
evidence-derived = This is a documented default of this project. No clinician has reviewed it.
