import type { DemoResult } from './demo-trip.ts';

const bar = (value: number, width: number): string =>
  '█'.repeat(Math.round(value * width)).padEnd(width, '░');

const counted = (value: number | null): string =>
  value === null ? '?' : new Intl.NumberFormat('en', { notation: 'compact' }).format(value);

/** The whole trip as text for a person. */
export function describeTrip(result: DemoResult): string {
  const { video, publication, quota, quote } = result;
  const skipped = Object.entries(result.skipped).map(([reason, count]) => `${reason} ${count}`);
  const lines = [
    '',
    `TRENDS  ${result.trends.length} ranked${skipped.length > 0 ? `, left out: ${skipped.join(', ')}` : ''}`,
    ...result.trends.slice(0, 8).map((trend, index) => {
      const { views, engagement, growth, quality } = trend.parts;
      const parts = `views ${bar(views, 5)} engagement ${bar(engagement, 5)} growth ${bar(growth, 5)} AI ${bar(quality, 5)}`;
      return `  ${index + 1}. ${trend.score.toFixed(1).padStart(5)}  ${parts}  ${trend.platform.padEnd(9)} ${counted(trend.views).padStart(6)} views  ${trend.title.slice(0, 60)}`;
    }),
    '',
    `PROMPT  ${result.prompt}`,
    '',
    `QUOTE   ${quote.seconds} s with ${quote.model} in ${quote.shots.length} shot(s): ${quote.quota} quota${quote.estimated_usd === null ? '' : `, about $${quote.estimated_usd.toFixed(2)} at the provider`}`,
    `VIDEO   ${video.file}`,
    `        ${video.seconds.toFixed(2)} s, ${video.width}x${video.height}, ${counted(video.bytes)} bytes, ${video.status}`,
    '',
    `YOUTUBE ${publication.url} (${publication.status}, ${publication.privacy})`,
    `        ${publication.title}`,
    '',
    `QUOTA   ${quota.before} -> ${quota.after}`,
    ...quota.entries.map(
      (entry) =>
        `        ${entry.verb.padEnd(8)} ${String(entry.amount).padStart(4)}  ${entry.from} -> ${entry.to}  ${entry.reference}`,
    ),
    '',
    `Done in ${(result.elapsed_ms / 1000).toFixed(1)} s. Everything ran against emulators on this machine; nothing was really spent or published.`,
    '',
  ];
  return lines.join('\n');
}
