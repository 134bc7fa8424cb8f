/** What a believable landscaping and grounds business sells, and to whom. All names are invented. */
export const places = ['Cedar Grove', 'Harbor Point', 'Maple Ridge', 'Stone Bridge', 'Willow Creek', 'Juniper Hill', 'North Fork',
  'Silver Lake', 'Granite Bay', 'Fox Hollow', 'Old Mill', 'Clearwater', 'Pine Valley', 'Birch Landing', 'Heron Marsh',
  'Copper Canyon', 'Meadow Lark', 'Quail Run', 'Amber Fields', 'Lantern Street'];
export const trades = ['Dental', 'Property Management', 'Veterinary Clinic', 'Apartments', 'Brewing Company', 'Elementary School',
  'Senior Living', 'Business Park', 'Community Church', 'Orthopedics', 'Self Storage', 'Golf Club', 'Bakery', 'Law Group',
  'Homeowners Association', 'Auto Body', 'Fitness', 'Hotel', 'Nursery', 'Logistics'];
export const firstNames = ['Ada', 'Ben', 'Carla', 'Dmitri', 'Elena', 'Farid', 'Grace', 'Hugo', 'Imani', 'Jonas', 'Keiko', 'Luis',
  'Maya', 'Nadia', 'Owen', 'Priya', 'Quinn', 'Rosa', 'Samir', 'Tess'];
export const lastNames = ['Abbott', 'Brandt', 'Castillo', 'Dawson', 'Ellery', 'Farrow', 'Gupta', 'Hale', 'Ibarra', 'Jansen',
  'Kowalski', 'Lindgren', 'Moreau', 'Nakamura', 'Okafor', 'Petrov', 'Quigley', 'Reyes', 'Svensson', 'Thorne'];
export const cities = [['Portland', 'OR', '97205'], ['Boise', 'ID', '83702'], ['Spokane', 'WA', '99201'], ['Reno', 'NV', '89501'],
  ['Bend', 'OR', '97701'], ['Tacoma', 'WA', '98402']] as const;
export const streets = ['Alder Street', 'Market Avenue', 'Orchard Road', 'Second Street', 'Mill Lane', 'Prospect Avenue'];
export const services = [
  { itemName: 'Grounds maintenance', description: 'Monthly mowing, edging and blowing', unitPrice: '420.00', taxable: false },
  { itemName: 'Seasonal planting', description: 'Annuals, soil and labour', unitPrice: '86.50', taxable: true },
  { itemName: 'Irrigation repair', description: 'Valve and line repair, per hour', unitPrice: '95.00', taxable: false },
  { itemName: 'Tree pruning', description: 'Certified arborist, per hour', unitPrice: '140.00', taxable: false },
  { itemName: 'Bark mulch', description: 'Delivered and spread, per cubic yard', unitPrice: '68.00', taxable: true },
  { itemName: 'Snow removal', description: 'Plow and de-ice, per visit', unitPrice: '185.00', taxable: false },
] as const;
