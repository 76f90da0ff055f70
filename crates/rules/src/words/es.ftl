### Español. Las palabras del paquete de reglas: lo que lee una persona con dolor de espalda.
###
### Trato de "usted". Primero una instrucción. Cada frase con menos de 20 palabras. Ningún producto, ninguna dosis.

language = Español
review = Ningún profesional sanitario ha revisado estas palabras.
disclaimer = Esto es una guía de autocuidado y no un producto sanitario. No sustituye a un profesional. Emergencias: { $emergency_number }.

## Números de teléfono y horas

emergency-number-unknown = su número local de emergencias
urgent-line = su médico o al { $number }
urgent-line-unknown = su médico o a su línea local de salud

clock-today = { $time }
clock-tomorrow = { $time } de mañana
clock-date = { $time } del { $day } de { $month }
month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre

## Títulos: la acción en pocas palabras

title-seek_emergency_care = Pida ayuda de emergencia ahora
title-see_clinician_urgent = Consulte hoy
title-see_clinician = Consulte a un profesional
title-remove_ice = Quite el hielo
title-remove_heat = Quite el calor
title-remove_both = Quite los dos
title-continue_ice = Deje el hielo puesto
title-continue_heat = Deje el calor puesto
title-apply_ice = Ponga hielo
title-apply_heat = Ponga calor
title-wait = Dé un descanso a su piel
title-light_stretches = Empiece con estiramientos suaves
title-rest = Descanse
title-check_in = Díganos cómo está ahora
title-none = Nada que hacer ahora

## Qué pasa con lo que está puesto

also-remove_ice = Quite el hielo.
also-remove_heat = Quite el calor.
also-remove_both = Quite el hielo y el calor.
also-continue_ice = Puede dejar el hielo hasta que pasen sus 20 minutos.
also-continue_heat = Puede dejar el calor hasta que pasen sus 20 minutos.

## The weekly questions for somebody whose back pain comes back

peg-title = ¿Cómo fue la semana pasada?
peg-body = Responda a tres preguntas sobre la última semana: su dolor, su ánimo y lo que pudo hacer.

## Preguntas

ask-red_flags = ¿Tiene alguna de las señales de alarma?
ask-cold_contraindications = ¿Tiene Raynaud, mala circulación, piel dormida o herida, o ha reaccionado mal al frío?
ask-heat_contraindications = ¿Está embarazada, toma anticoagulantes, o tiene la piel dormida, infectada o herida?
ask-pain_score = ¿Cuánto duele, de 0 a 10?
ask-inflammation = ¿Está hinchado o caliente?
ask-barrier_used = ¿Hay un paño entre la bolsa y su piel?
ask-skin = ¿Qué aspecto tiene la piel ahí, y cómo la siente?
ask-achy_between_episodes = ¿Le duele la espalda entre los espasmos?
ask-application_ended = ¿Ya quitó el hielo o el calor, y cuándo?
ask-episode_over = ¿Ha terminado este episodio?
ask-new_episode = ¿Es un espasmo nuevo? Entonces abra un episodio.
ask-inflammatory_pattern = ¿El dolor le despierta de noche y mejora al moverse?

## Precauciones y consejos

say-barrier = Nunca lo ponga directamente sobre la piel: envuélvalo en un paño.
say-max_20_min = No más de 20 minutos. Menos está bien.
say-rest = Descanse en una postura cómoda hasta que ceda el dolor. No necesita reposo estricto en cama.
    .long = Lleva descansando más de dos días. Empiece a moverse con suavidad, mientras le resulte cómodo.
say-do_not_fall_asleep = No se duerma con ello puesto.
say-check_skin = Mire la piel antes y después. Quítelo si duele, quema o adormece.
say-cover = Deje una funda entre el calor y su piel.
say-explain_evidence = El calor tan pronto queda fuera de la guía. No se ha demostrado que haga daño.
say-suggest_clinician = Pida a un profesional que lo vea. No tiene que ser hoy.
say-ask_clinician_or_pharmacist = Pregunte antes a un profesional o en la farmacia.
say-follow_clinician_advice = Si un profesional le ha aconsejado, siga su consejo.
say-ask_midwife_or_gp = Pregunte antes a su matrona o a su médico, porque está embarazada.
say-ask_clinician_stenosis = La guía no dice qué conviene con estenosis. Pregunte a su médico.
say-muscle_balance_assessment = Un fisioterapeuta puede valorar el equilibrio de sus músculos. Conviene si los espasmos vuelven y duele entre ellos.
say-nsaid_option = Un antiinflamatorio es posible si normalmente puede tomarlo. Pregunte en la farmacia y siga el envase: la menor dosis, el menor tiempo. Nunca tome dos clases juntas. Pare y pregunte a los 10 días, o si empeora.
say-cream_option = Una crema contra el dolor puede ayudar. No en piel herida, ni con calor, ni bajo un vendaje apretado.
say-avoid_aggravating = Evite lo que lo empeora.
say-probably_a_strain = Un espasmo único suele ser un músculo distendido.
say-prevention = Entre espasmos, moverse suavemente y fortalecerse con regularidad puede prevenir el siguiente.
say-over_the_limit = Es antes de lo que sugiere la guía. Que sea breve, y mire su piel.
say-entered_by_mistake = ¿Lo marcó por error? Borre esa entrada. Cuando le hayan visto, anote la revisión.
say-allergic_reaction_signs = Si le cuesta respirar, se hincha la cara o la garganta, o se marea, llame: { $emergency_number }.

## Avisos sobre las entradas

warning-future_fact_ignored = No se tuvo en cuenta una entrada con una hora futura.
warning-bad_interval_ignored = No se tuvo en cuenta una entrada que acaba antes de empezar.
warning-time_zone_unknown = No se conoce su zona horaria. Las horas pueden ser erróneas hasta que la indique.
warning-open_application_assumed_ended = Un hielo o calor sin final se dio por terminado. Anote cuándo lo quitó.

## Paso 1: emergencias

part-call-now = Llame ahora: { $emergency_number }. O vaya a urgencias. No espere a ver si se pasa.
part-nerves = Puede significar presión sobre los nervios de la base de la columna.

R-EM-saddle_numbness =
    .instruction = { part-call-now }
    .reason = Indicó adormecimiento entre las piernas o en las nalgas. { part-nerves }
R-EM-bladder_change =
    .instruction = { part-call-now }
    .reason = Indicó un cambio al orinar o al sentir la orina. { part-nerves }
R-EM-bowel_change =
    .instruction = { part-call-now }
    .reason = Indicó un cambio en el control o la sensación del intestino. { part-nerves }
R-EM-sexual_dysfunction =
    .instruction = { part-call-now }
    .reason = Indicó una pérdida de función o sensación sexual. { part-nerves }
R-EM-both_legs_symptoms =
    .instruction = { part-call-now }
    .reason = Indicó dolor, hormigueo, debilidad o adormecimiento en las dos piernas. { part-nerves }
R-EM-leg_weakness_progressive =
    .instruction = { part-call-now }
    .reason = Indicó una debilidad fuerte o creciente en una pierna. { part-nerves }
R-EM-major_trauma =
    .instruction = Llame ahora: { $emergency_number }. Muévase lo menos posible hasta que llegue la ayuda.
    .reason = Tras un accidente grave, la columna puede estar lesionada.
R-EM-chest_pain =
    .instruction = Llame ahora: { $emergency_number }. No espere a ver si se pasa.
    .reason = El dolor en el pecho puede venir del corazón o de los pulmones.
R-EM-aneurysm_signs =
    .instruction = Llame ahora: { $emergency_number }. No espere a ver si se pasa.
    .reason = Un dolor fuerte y repentino con mareo o piel fría y húmeda puede ser un vaso roto.
R-EM-severe_allergic_reaction =
    .instruction = Llame ahora: { $emergency_number }. No espere a ver si se pasa.
    .reason = Son señales de una reacción alérgica grave.
R-EM-fever_with_infection_risk =
    .instruction = { part-call-now }
    .reason = La fiebre con su riesgo de infección de la columna debe verse ahora.
R-EM-fragility_trauma =
    .instruction = { part-call-now } Muévase lo menos posible hasta que le vean.
    .reason = Con huesos frágiles, incluso una caída pequeña puede romper uno.

## Paso 2: que le vean hoy

part-seen-today = Llame hoy a { $urgent_line } y pida que le vean.
part-then-record = Cuando un profesional lo haya visto, anote la revisión.

R-UR-fever =
    .instruction = { part-seen-today }
    .reason = El dolor de espalda con fiebre o malestar debe verse hoy.
R-UR-unexplained_weight_loss =
    .instruction = { part-seen-today }
    .reason = El dolor de espalda con pérdida de peso sin explicación debe verse hoy.
R-UR-night_pain_unrelieved =
    .instruction = { part-seen-today }
    .reason = El dolor nocturno, o el que no cede con el descanso, debe verse hoy.
R-UR-upper_back_pain =
    .instruction = { part-seen-today }
    .reason = El dolor entre los omóplatos debe verse hoy.
R-UR-lump_or_deformity =
    .instruction = { part-seen-today }
    .reason = Un bulto, hinchazón o cambio de forma de la espalda debe verse hoy.
R-UR-recent_infection =
    .instruction = { part-seen-today }
    .reason = El dolor de espalda tras una infección reciente debe verse hoy.
R-UR-worse_on_cough =
    .instruction = { part-seen-today }
    .reason = El dolor que empeora al toser, estornudar o hacer fuerza debe verse hoy.
R-UR-cancer_history =
    .instruction = { part-seen-today } { part-then-record }
    .reason = Como indicó un cáncer, un dolor de espalda nuevo debe verse hoy.
R-UR-iv_drug_use =
    .instruction = { part-seen-today } { part-then-record }
    .reason = Como indicó que se inyecta drogas, un dolor de espalda nuevo debe verse hoy.
R-UR-immune_suppressed =
    .instruction = { part-seen-today } { part-then-record }
    .reason = Como indicó unas defensas débiles, un dolor de espalda nuevo debe verse hoy.
R-UR-skin_injury =
    .instruction = Llame hoy a { $urgent_line } y pida que le vean la piel. Déjela descubierta. No ponga hielo ni calor.
    .reason = Puede ser una quemadura por hielo o por calor.

## Paso 3: quítelo

part-if-already-off = Si ya no está puesto, anote desde cuándo.

X-BOTH =
    .instruction = Quite los dos. Puede volver a empezar en 20 minutos. { part-if-already-off }
    .instruction-plain = Quite los dos. { part-if-already-off }
    .reason = Con hielo y calor a la vez, su piel no puede avisarle.
X-BARRIER =
    .instruction = Quítelo y mire la piel. La próxima vez ponga un paño, tras 20 minutos sin nada.
    .instruction-plain = Quítelo y mire la piel.
    .reason = Directamente sobre la piel puede quemarla.
X-CONTRA-ICE =
    .instruction = Quite el hielo ahora. { part-if-already-off }
    .reason = El hielo no es seguro con { $what }.
X-CONTRA-HEAT =
    .instruction = Quite el calor ahora. { part-if-already-off }
    .reason = El calor no es seguro con { $what }.
    .reason-pregnant = Pregunte a su matrona o a su médico antes de usar calor.
X-SKIN =
    .instruction = Quítelo y deje que la piel se recupere. Anote cuándo vuelve a estar normal.
    .reason = Su piel no puede avisarle ahora.
X-SLEEP =
    .instruction = Quítelo antes de dormir. Si está despierto, anote desde cuándo.
    .reason = Durmiendo no sentiría una quemadura.
X-20MIN =
    .instruction = Quítelo y déjelo quitado 20 minutos. { part-if-already-off }
    .reason = Lleva 20 minutos puesto, el máximo de una vez.
X-PAIN-UP =
    .instruction = Quítelo y descanse en una postura cómoda.
    .reason = Su dolor subió mientras estaba puesto.
X-RISE-HEAT =
    .instruction = Quite el calor y descanse.
    .reason = Su dolor ha subido.
X-SWITCH =
    .instruction = Quítelo. Deje la piel libre 20 minutos.
    .reason = La piel aún dormida o caliente no siente una quemadura.
X-HEAT-EARLY =
    .instruction = Quite el calor. A los 20 minutos puede usar hielo, envuelto en un paño.
    .instruction-plain = Quite el calor.
    .reason = La guía usa primero hielo, de 48 a 72 horas. No se ha demostrado que el calor temprano dañe.
X-HEAT-INFLAMED =
    .instruction = Quite el calor.
    .reason = Sigue hinchado o caliente: todavía no use calor.

## Paso 4: no es para la guía

O-AGE16 =
    .instruction = Pregunte a un profesional antes de seguir. { part-then-record }
    .reason = Esta guía es para personas de 16 años o más.
part-ask-clinician = Pregunte a un médico o a un fisioterapeuta. { part-then-record }
part-not-said = La guía no dice si conviene hielo o calor para el dolor en { $what }. Por eso no adivinamos.
O-LEG =
    .instruction = { part-ask-clinician }
    .reason = { part-not-said }
O-BACK_AND_LEG =
    .instruction = { part-ask-clinician }
    .reason = { part-not-said }
O-FRONT_THIGH =
    .instruction = { part-ask-clinician }
    .reason = { part-not-said }

## Paso 5: sin episodio, o terminado

E-ENDED =
    .instruction = Este episodio está cerrado. No hay nada que hacer.
    .reason = Anotó que ha terminado.
E-NONE =
    .instruction = Nada que hacer ahora.
    .reason = No tiene un episodio abierto.

## Pasos 6 y 7: terminado, no mejor, o no se sabe

part-have-checked = Pida una cita para que le revisen la espalda.
part-next-days = Pida que le revisen la espalda en los próximos días. Si aparece una señal de alarma, anótela enseguida.

T-OVER =
    .instruction = Díganos cómo está ahora. Si ha terminado, cierre el episodio.
    .reason = Su última entrada: { $last_entry }.
F-42D =
    .instruction = { part-have-checked }
    .reason = Han pasado seis semanas.
F-14D =
    .instruction = { part-have-checked }
    .reason = Han pasado dos semanas y no está mejor.
F-INFLAMMATORY =
    .instruction = Pida una cita normal con un profesional.
    .reason = Un dolor de espalda como el suyo puede venir de una inflamación.
F-WORSE =
    .instruction = { part-next-days }
    .reason = Su dolor va a peor.
F-SEVERE =
    .instruction = { part-next-days }
    .reason = Su dolor no cede.
T-STALE =
    .instruction = Díganos cómo está el dolor ahora. ¿Está hinchado o caliente? ¿Hay alguna señal de alarma?
    .reason = Ha pasado un tiempo desde su última entrada.
T-SCREEN =
    .instruction = Responda primero a las preguntas sobre las señales de alarma.
    .reason = Algunas señales necesitan un médico y no autocuidado.

## Paso 8: sigue

C-ICE =
    .instruction = Déjelo puesto hasta las { $until }, con un paño entre medias, y no se duerma.
    .reason = La guía permite hasta 20 minutos cada vez.
C-HEAT =
    .instruction = Déjelo puesto hasta las { $until }, con una funda entre medias, y no se duerma.
    .reason = La guía permite hasta 20 minutos cada vez.
D-SLEEP =
    .instruction = Duerma. No se despierte por hielo o calor. Si está despierto, anote desde cuándo.
    .reason = Durante el sueño no queda nada sobre la piel.

## Paso 9: el consejo de un profesional, o estirar

O-REVIEWED =
    .instruction = Siga lo que le dijo su médico. Descanse en una postura cómoda.
    .reason = Un profesional lo ha visto, y la guía no habla de ello.
S-STRETCH =
    .instruction = Empiece con estiramientos suaves, despacio, y solo mientras resulte cómodo.
    .reason = El dolor y la hinchazón se han calmado.

## Paso 10: no permitido

part-rest-instead = Descanse en una postura cómoda y muévase con suavidad cuando pueda. Pregunte en la farmacia o a un profesional qué le conviene.

D-NO-ICE =
    .instruction = { part-rest-instead }
    .reason = El hielo no es seguro con { $what }.
D-NO-HEAT =
    .instruction = { part-rest-instead }
    .reason = El calor no es seguro con { $what }.
    .reason-pregnant = Pregunte a su matrona o a su médico antes de usar calor.

## Paso 10: esperar

W-SKIN =
    .instruction = Espere a que la piel se vea y se sienta normal, y anótelo.
    .reason = Su piel no se ha recuperado de la última vez.
W-20OFF =
    .instruction = Deje la piel libre hasta las { $until }.
    .reason = La piel necesita 20 minutos tras el hielo o el calor.
W-SET =
    .instruction = No ponga hielo hasta las { $until }. Descanse en una postura cómoda.
    .reason = Dé a su piel dos horas de descanso.
W-DAY =
    .instruction = No ponga hielo hasta las { $until }. Descanse en una postura cómoda.
    .reason = Ya usó el máximo de hielo que esta guía aconseja en 24 horas.
W-HEATGAP =
    .instruction = No ponga calor hasta las { $until }.
    .reason = Dé a su piel dos horas de descanso.
W-HEATDAY =
    .instruction = No ponga calor hasta las { $until }.
    .reason = Ha usado calor tres veces en 24 horas, el máximo que aconseja esta guía.
W-TOPICAL =
    .instruction = No ponga calor hasta las { $until }.
    .reason = El calor sobre una pomada muscular puede quemar.

## Paso 10: hielo o calor

part-ice-on = Ponga hielo hasta 20 minutos, envuelto en un paño.
part-heat-on = Ponga calor hasta 20 minutos, con una funda entre medias.

S-ICE-48 =
    .instruction = { part-ice-on } Mientras tanto, túmbese y descanse.
    .reason = En las primeras 48 horas tras un espasmo, la guía usa hielo.
S-ICE-4872 =
    .instruction = { part-ice-on } Díganos si sigue hinchado o caliente.
    .reason = Aún está en el tiempo en que la guía usa hielo.
D-RISE-ICE =
    .instruction = { part-ice-on }
    .reason = Su dolor ha subido, así que vuelva al hielo.
D-HEAT-4872 =
    .instruction = { part-heat-on }
    .reason = Han pasado más de 48 horas y la hinchazón ha bajado, así que puede pasar al calor.
S-HEAT-72 =
    .instruction = { part-heat-on }
    .reason = Han pasado más de 72 horas y la hinchazón ha bajado.
D-HEAT-72-UNKNOWN =
    .instruction = Si ya no está hinchado ni caliente, ponga calor, con una funda entre medias. Quítelo a los 20 minutos.
    .reason = Han pasado más de 72 horas. La guía usa calor cuando la hinchazón ha bajado.
D-ICE-72-INFLAMED =
    .instruction = { part-ice-on } Pregunte a un profesional o en la farmacia.
    .reason = Sigue hinchado o caliente tras tres días, así que siga con hielo.

## Paso 11: descanso

D-RISE-REST =
    .instruction = Descanse en una postura cómoda y revise las señales de alarma. Por ahora, ni calor ni estiramientos.
    .reason = Su dolor ha subido.

## De qué trata una instrucción

location-back = la espalda
location-leg = la pierna
location-back_and_leg = la espalda y la pierna
location-front_thigh = la parte delantera del muslo
what-rub = una pomada muscular en la piel
what-hives = ronchas
what-hives_after_ice = ronchas tras el hielo
what-hives_after_heat = ronchas tras el calor

## Condiciones, como en "no es seguro con"

condition-cancer_history = cáncer, ahora o antes
condition-iv_drug_use = drogas inyectadas
condition-immune_suppressed = defensas débiles
condition-osteoporosis = osteoporosis
condition-long_term_steroids = corticoides durante mucho tiempo
condition-cold_urticaria = ronchas por frío
condition-raynaud = síndrome de Raynaud
condition-cryoglobulinaemia = crioglobulinemia
condition-cold_haemoglobinuria = hemoglobinuria paroxística por frío
condition-cold_reaction_before = una reacción anterior al frío
condition-impaired_sensation = la piel dormida
condition-poor_circulation = mala circulación
condition-open_wound_at_site = una herida abierta ahí
condition-skin_infection_at_site = una infección de la piel ahí
condition-bleeding_disorder = un trastorno de la coagulación
condition-anticoagulant = un anticoagulante
condition-dvt = trombosis venosa profunda
condition-cancer_at_site = cáncer ahí
condition-heat_reaction_before = una reacción anterior al calor
condition-pregnant = embarazo
condition-stomach_ulcer = una úlcera de estómago
condition-gi_bleed = una hemorragia digestiva anterior
condition-kidney_disease = enfermedad del riñón
condition-liver_disease = enfermedad del hígado
condition-heart_failure = insuficiencia cardíaca
condition-heart_disease = enfermedad del corazón
condition-stroke = un ictus anterior
condition-high_blood_pressure_uncontrolled = tensión alta sin controlar
condition-asthma_nsaid_sensitive = asma por antiinflamatorios
condition-nsaid_allergy = alergia a los antiinflamatorios
condition-nsaid_intolerant = antiinflamatorios que no tolera
condition-taking_other_nsaid = otro antiinflamatorio
condition-lumbar_stenosis = estenosis lumbar
condition-diabetes = diabetes

## Señales de alarma: cómo se llaman, qué preguntar y ejemplos

symptom-saddle_numbness = adormecimiento u hormigueo alrededor de los genitales o las nalgas
    .question = ¿Tiene adormecimiento u hormigueo entre las piernas o en las nalgas?
    .examples = La piel se siente distinta al limpiarse. El papel higiénico se siente raro. Sentarse es como sobre algodón.
symptom-bladder_change = un cambio al orinar o al sentir la orina
    .question = ¿Ha cambiado algo al orinar?
    .examples = No sabe si la vejiga está llena o vacía. No siente salir la orina. Tiene que esforzarse más o más tiempo. Se le escapa, o necesita compresas.
symptom-bowel_change = un cambio en el control o la sensación del intestino
    .question = ¿Ha cambiado algo al ir de vientre?
    .examples = No siente salir las heces. Se le escapan o no puede aguantar. No siente cuándo tiene que ir.
symptom-sexual_dysfunction = una pérdida de función o sensación sexual
    .question = ¿Ha perdido sensación en los genitales o durante el sexo?
    .examples = Los genitales están dormidos. El sexo se siente distinto, o no se siente. Hace poco faltan la erección o el orgasmo.
symptom-both_legs_symptoms = dolor, hormigueo, debilidad o adormecimiento en las dos piernas
    .question = ¿Tiene dolor, hormigueo, debilidad o adormecimiento en las dos piernas?
    .examples = El dolor baja por las dos piernas. Las dos hormiguean o están débiles. Pasa de una pierna a la otra.
symptom-leg_weakness_progressive = una debilidad fuerte o creciente en una pierna
    .question = ¿Tiene una pierna muy débil, o cada vez más débil?
    .examples = Un pie arrastra o cae. No puede ponerse de puntillas o de talones. La pierna falla.
symptom-major_trauma = un accidente grave
    .question = ¿Empezó con un accidente grave?
    .examples = Una caída desde altura. Un accidente de tráfico. Un golpe fuerte en la espalda.
symptom-chest_pain = dolor en el pecho
    .question = ¿Tiene dolor o presión en el pecho?
    .examples = Aprieta, pesa u oprime. Se extiende a un brazo, la mandíbula o la espalda. Le falta el aire.
symptom-aneurysm_signs = dolor fuerte y repentino en el vientre o la espalda, con mareo o piel fría y húmeda
    .question = ¿Vino de repente un dolor fuerte en vientre o espalda, con mareo o piel fría y húmeda?
    .examples = Se desmayó o está mareado. Su piel está sudorosa, pálida y fría. Siente un latido en el vientre.
symptom-severe_allergic_reaction = dificultad para respirar, cara o garganta hinchadas, o mareo con ronchas
    .question = ¿Le cuesta respirar, se le hinchan cara, labios o garganta, o tiene ronchas con mareo?
    .examples = Se hinchan los labios o la lengua. La garganta aprieta. Respira con pitidos. Tiene ronchas y se marea.
symptom-fever = fiebre o malestar
    .question = ¿Tiene fiebre, o se siente mal en general?
    .examples = Tiene calor y escalofríos. Suda por la noche.
symptom-unexplained_weight_loss = pérdida de peso sin motivo
    .question = ¿Ha perdido peso sin quererlo?
    .examples = La ropa le queda floja. Come como siempre.
symptom-night_pain_unrelieved = dolor de noche, o dolor que no cede con el descanso
    .question = ¿Tiene dolor de noche, o dolor que no cede cuando descansa?
    .examples = Le despierta y no le deja dormir. Ninguna postura ayuda.
symptom-upper_back_pain = dolor entre los omóplatos
    .question = ¿El dolor está en lo alto de la espalda, entre los omóplatos?
    .examples = Está más arriba que las costillas inferiores.
symptom-lump_or_deformity = un bulto, hinchazón o cambio de forma
    .question = ¿Hay un bulto o hinchazón, o ha cambiado de forma la espalda?
    .examples = Un bulto nuevo. Una curva nueva. Un lado se ve distinto.
symptom-recent_infection = una infección reciente
    .question = ¿Ha tenido una infección en las últimas semanas?
    .examples = Una infección de pulmón, piel u orina. Una herida o un diente infectados.
symptom-worse_on_cough = dolor que empeora al toser, estornudar o hacer fuerza
    .question = ¿Empeora al toser, estornudar o hacer fuerza?
    .examples = También en el baño, o al reír.
symptom-minor_trauma = una caída pequeña o un tirón
    .question = ¿Empezó con una caída pequeña o un tirón?
    .examples = Un tropiezo. Un resbalón. Levantar algo ligero.
symptom-recent_spinal_procedure = un procedimiento reciente en la columna
    .question = ¿Le han hecho una inyección u operación en la columna en los últimos tres meses?
    .examples = Una epidural. Una punción lumbar. Una operación de espalda.
symptom-inflammatory_pattern = un patrón de dolor de espalda inflamatorio
    .question = ¿Empezó antes de los 45, dura más de 3 meses, y se cumplen cuatro o más?
    .examples = Empezó antes de los 35. Le despierta bien entrada la noche. Le duelen las nalgas. Mejora al moverse. Mejora en 48 horas con un antiinflamatorio. Un familiar cercano tiene espondiloartritis. Tiene artritis. Le duelen talones o tendones. Tiene psoriasis.

## Qué respaldo tiene

evidence-red_flags = Los servicios de salud citan estas señales de alarma. Una lista no lo ve todo. Si algo va muy mal, pida ayuda.
evidence-skin_safety = Son consejos de seguridad de folletos de hospitales y listas publicadas de contraindicaciones.
evidence-ice_first = Primero hielo, y calor tras 48 a 72 horas, es la regla de la fuente y primeros auxilios comunes. No es el resultado de un ensayo. Las revisiones hallaron muy poco sobre el frío, y ninguna diferencia segura entre ambos. La página actual del NHS no tiene regla de 72 horas. El calor antes queda fuera de esta guía. No se ha demostrado que haga daño.
evidence-heat = Una revisión de nueve ensayos halló que el calor alivia un poco durante poco tiempo. Una guía de 2017 cita el calor superficial, con pruebas de calidad moderada. Cuándo empezar es la regla de la fuente, no de un ensayo.
evidence-rhythm = 20 minutos sí y 20 no es la regla práctica de la fuente. Los folletos de hospitales dicen 10 a 20 minutos cada dos o tres horas. Por eso esta guía añade una pausa y un límite al día.
evidence-stay_active = Seguir activo es algo mejor que guardar cama, según una revisión de 2010. Concuerda con el consejo de la fuente contra el reposo estricto.
evidence-stretches = Estirar suavemente cuando dolor e inflamación se han calmado es el consejo de la fuente. Los números que dicen "calmado" son de este proyecto. Ningún profesional los ha revisado.
evidence-not_better = Los servicios de salud aconsejan una revisión si el dolor dura semanas o empeora. Los números exactos varían. Algunos son de este proyecto.
evidence-scope = A la fuente le preguntaron esto y no respondió. No se aconseja ninguna prueba de imagen sin el juicio de un profesional.
evidence-derived = Es un valor propio y documentado de este proyecto. Ningún profesional lo ha revisado.
