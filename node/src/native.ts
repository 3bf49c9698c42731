/** The one door to the addon: nothing else imports it. */

export type {
  AnalyticsFilter,
  Dashboard,
  DoctorReport,
  EmbedderInfo,
  EmbedProgress,
  EmbedReport,
  ExportFormat,
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
  SqlResult,
  SqlValue,
  Stats,
  TokenUsage,
} from 'han-native';
export { Han } from 'han-native';
