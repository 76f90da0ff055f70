// What the engine is told about a person, as `POST /v1/rules/evaluate` takes it. Absent means unknown, never "no".

export type Modality = "ice" | "heat";
export type Kind = "episode" | "flare" | "application" | "pain_score" | "check_in" | "measure" | "profile";

export interface Facts {
  readonly now: string;
  readonly time_zone?: string | undefined;
  readonly country?: string | undefined;
  readonly profile?: {
    readonly age?: number | undefined;
    readonly birth_year?: number | undefined;
    readonly conditions?: readonly string[] | undefined;
    readonly achy_between_episodes?: boolean | undefined;
  } | undefined;
  readonly episode?: {
    readonly started_at: string;
    readonly ended_at?: string | undefined;
    readonly recorded_at?: string | undefined;
    readonly location?: string | undefined;
  } | undefined;
  readonly earlier_episodes?: readonly { readonly started_at: string; readonly ended_at?: string | undefined }[] | undefined;
  readonly flares?: readonly { readonly at: string }[] | undefined;
  readonly applications?: readonly {
    readonly modality: string;
    readonly started_at: string;
    readonly ended_at?: string | undefined;
    readonly barrier?: boolean | undefined;
    readonly end_recorded?: boolean | undefined;
  }[] | undefined;
  readonly pain_scores?: readonly { readonly at: string; readonly score: number }[] | undefined;
  readonly check_ins?: readonly {
    readonly at: string;
    readonly inflammation?: string | undefined;
    readonly skin?: string | undefined;
    readonly symptoms?: readonly { readonly code: string; readonly present: boolean }[] | undefined;
    readonly peg?: boolean | undefined;
  }[] | undefined;
  readonly measures?: readonly {
    readonly kind: string;
    readonly started_at: string;
    readonly ended_at?: string | undefined;
    readonly end_recorded?: boolean | undefined;
  }[] | undefined;
}
