/**
 * The name and version of the pinned list of prices, which a test holds to the installed package. It stands in the price
 * version of each cost, and beside figures that are counted by it.
 */
export const PRICE_LIST = 'genai-prices@0.1.8'
