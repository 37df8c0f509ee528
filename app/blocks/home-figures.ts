/** The money at the top of Home: the month against its budget, today, and the last week against the one before. */
import { MATCH_ALL } from '../../core/budget/scope.ts'
import { budgetState } from '../../core/budget/state.ts'
import { type NanoUsd, percentOf, showUsd, subtractUsd, sumUsd, zeroUsd } from '../../core/money.ts'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { barOf, figuresOf } from './budget-words.ts'
import { forecastWords } from './forecast-words.ts'
import type { HomeFacts } from './home-facts.ts'
import { type Block, calls, clip, header, monthName, mrkdwn, name, section } from './text.ts'

const PROJECTS_MAX = 15

export function figureBlocks(facts: HomeFacts): Block[] {
  const { projects, asOf } = facts
  const spent = sumUsd(projects.map((project) => project.spent))
  const events = projects.reduce((sum, project) => sum + project.events, 0)
  const budget = monthBudgetOf(facts)
  return [
    header(`${monthName(asOf)}: ${showUsd(spent)}`),
    ...(budget === null ? [] : [section(againstBudget(budget, facts))]),
    ...sumBlocks(facts, events),
  ]
}

/** In the first week there is nothing to compare with, and nothing is said of it. */
function sumBlocks({ sums, asOf }: HomeFacts, events: number): Block[] {
  const today = `*Today* (UTC)\n${showUsd(sums.today)}`
  const isFirstWeek = sums.weekBefore === zeroUsd && sums.sameDayLastWeek === zeroUsd
  if (sums.week === zeroUsd && isFirstWeek) return events === 0 ? [] : [section(today)]
  const week = `*7 days to yesterday*\n${showUsd(sums.week)}`
  const compared = [
    mrkdwn(today),
    mrkdwn(`*${weekdayOf(asOf)} a week ago*\n${showUsd(sums.sameDayLastWeek)} in the whole day`),
    mrkdwn(week),
    mrkdwn(`*Against the 7 before*\n${deltaText(sums.week, sums.weekBefore)}`),
  ]
  return [{ type: 'section', fields: isFirstWeek ? [mrkdwn(today), mrkdwn(week)] : compared }]
}

/** The one of a calendar month over all that the choice shows: the figures beside the month's sum are the same. */
function monthBudgetOf({ budgets, choice }: HomeFacts): StoredBudget | null {
  const found = budgets.find(({ budget: { scope, periodRule } }) => {
    const isAll = JSON.stringify(scope.match) === JSON.stringify(MATCH_ALL) && scope.each === null
    const isMonth = periodRule.kind === 'month' && periodRule.startsOn === 1
    return isAll && isMonth && scope.projectId === choice.projectId
  })
  return found ?? null
}

function againstBudget(stored: StoredBudget, { forecasts, stops, asOf }: HomeFacts): string {
  const state = budgetState(stored, asOf)
  const ahead =
    stops.length > 0 ? null : forecastWords(stored, forecasts.get(stored.budget.id), { state, now: asOf })
  return [
    `${barOf(stored)}  ·  ${figuresOf(stored)}`,
    ...(ahead === null ? [] : [`:hourglass_flowing_sand:  ${ahead}`]),
  ].join('\n')
}

function deltaText(week: NanoUsd, before: NanoUsd): string {
  if (before <= zeroUsd) return 'nothing was spent then'
  const more = subtractUsd(week, before)
  const percent = Math.abs(percentOf(more < 0n ? subtractUsd(before, week) : more, before))
  const way = more > 0n ? ':small_red_triangle: +' : more < 0n ? ':small_red_triangle_down: −' : '±'
  return `${way}${percent.toLocaleString('en-US')}%  (${showUsd(before)})`
}

const weekdayOf = (at: Date): string => at.toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' })

export function projectBlocks({ projects }: HomeFacts): Block[] {
  const active = projects.filter(({ events }) => events > 0)
  const lines = active.slice(0, PROJECTS_MAX).map((project) => {
    const unpriced =
      project.unpricedEvents > 0
        ? `  ·  :warning: ${project.unpricedEvents.toLocaleString('en-US')} without a price`
        : ''
    return `*${showUsd(project.spent)}*  ${name(clip(project.name, 60))}  ·  ${calls(project.events)}${unpriced}`
  })
  const more = active.length > PROJECTS_MAX ? [`and ${active.length - PROJECTS_MAX} more projects`] : []
  return [section(['*Projects this month*', ...lines, ...more].join('\n'))]
}
