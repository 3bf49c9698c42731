/** The one door to the addon: nothing else imports it. */

export type {
  DoctorReport,
  ForgetReport,
  MatchRange,
  Message,
  Page,
  Problem,
  ProblemKind,
  ScanProgress,
  ScanReport,
  SearchField,
  SearchHit,
  SearchQuery,
  Session,
  Stats,
} from 'han-native';
export { Han } from 'han-native';
